import { defineTexts } from '../../i18n/texts.ts';

export const placeTexts = defineTexts(
  {
    communities: 'Communities',
    parts: 'Parts of the community',
    overview: 'Overview',
    trust: 'Trust',
    wealth: 'Wealth',
    pools: 'Pools',
    needs: 'Needs',
    disputes: 'Disputes',
    councils: 'Councils',
    forums: 'Forums',
    polls: 'Polls',
    activity: 'Activity',
    settings: 'Settings',
  },
  {
    communities: '社区',
    parts: '社区的各部分',
    overview: '概览',
    trust: '信任',
    wealth: '财富',
    pools: '公共池',
    needs: '需求',
    disputes: '争议',
    councils: '理事会',
    forums: '论坛',
    polls: '投票',
    activity: '动态',
    settings: '设置',
  },
);
