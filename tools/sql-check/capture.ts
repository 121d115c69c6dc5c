import path from 'node:path';
import { afterAll, expect } from 'vitest';
import { repositoryRoot } from '../source/repository.ts';
import { captureStatements, folderVariable } from './capture-folder.ts';

/** A setup file of vitest: each test file writes down the statements that it sent, for the reporter beside this file. */
const folder = process.env[folderVariable];
const { testPath } = expect.getState();

/** The package of the test: `services/auth`. */
const ownerOf = (file: string): string => path.relative(repositoryRoot, file).split(path.sep).slice(0, 2).join('/');

if (folder !== undefined && testPath !== undefined) afterAll(captureStatements(folder, ownerOf(testPath)));
