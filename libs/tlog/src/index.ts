export { fromBase64, toBase64 } from './base64.ts';
export { inclusionText, type InclusionText } from './inclusion-text.ts';
export {
  appendLeaves,
  emptyFrontier,
  type Frontier,
  type Hash,
  hashBytes,
  isSameHash,
  leafHash,
  nodeHash,
  rootOf,
  type Sha256,
  subtreesOf,
  type TreeNode,
} from './merkle-tree.ts';
export {
  carryOut,
  type Consistency,
  type Inclusion,
  perfectSubtrees,
  planConsistency,
  planInclusion,
  type ProofPlan,
  rootsOfConsistency,
  verifyConsistency,
  verifyInclusion,
} from './merkle-proofs.ts';
export {
  checkpointText,
  isSignedBy,
  type NoteKey,
  type NoteSignature,
  type OpenedNote,
  readKeyLine,
  rootInNote,
  signatureIn,
  signedNote,
  signedUnder,
  verifierKeyOf,
  type VerifyEd25519,
} from './signed-note.ts';
export {
  checkpointIn,
  cosignatureLine,
  cosignedAt,
  cosignedMessage,
  ed25519Cosignature,
  emptyRoot,
  type WitnessKey,
  witnessKeyText,
} from './cosignature.ts';
