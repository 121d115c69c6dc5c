import { defineTexts } from '../../i18n/texts.ts';

export const verifyTexts = defineTexts(
  {
    title: 'Verify a receipt',
    lead: 'A receipt is proven by this page alone: no server is asked. It holds the event, its path in the log and the signed checkpoint.',
    receipt: 'Receipt',
    receiptHint: 'The content of a .tlog-proof file.',
    file: 'From a file',
    key: 'Key of the log',
    keyHint:
      'One line: name, hash and key. This browser keeps the last one that it saw; the one of whoever gave you the receipt may be another.',
    takeKey: 'Ask this installation for its key',
    holds: 'The receipt holds',
    holdsText: (leaf: number, size: number, name: string) =>
      `Leaf ${leaf} of ${size} in the log ${name}: its hash, its path and the signature were computed in this browser, and agree.`,
    fails: 'The receipt does not hold',
    unreadable: 'The receipt or the key cannot be read.',
    event: 'What was logged',
    leafHash: 'Leaf hash',
  },
  {
    title: '验证收据',
    lead: '收据仅由本页证明,不询问任何服务器。其中含有事件、其在日志中的路径和已签名的检查点。',
    receipt: '收据',
    receiptHint: '.tlog-proof 文件的内容。',
    file: '来自文件',
    key: '日志密钥',
    keyHint: '一行:名称、哈希和密钥。此浏览器保留最后所见的密钥;给您收据的人可能使用另一个。',
    takeKey: '向本安装获取密钥',
    holds: '收据成立',
    holdsText: (leaf, size, name) => `日志 ${name} 的第 ${leaf} 片叶(共 ${size}):哈希、路径和签名均在此浏览器中计算并一致。`,
    fails: '收据不成立',
    unreadable: '无法读取收据或密钥。',
    event: '日志内容',
    leafHash: '叶哈希',
  },
);
