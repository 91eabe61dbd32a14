import { describeChecker } from './contract.ts';
import {
  acceptsThenHangs,
  answers,
  closesWithoutAnswer,
  endlessBytes,
  refuses,
  resetsInTheMiddle,
} from './fixtures/tcp-servers.ts';
import { checkTcp } from './tcp.ts';

const options = {};
const connected = { options, ok: true, evidence: /^answered in \d+(\.\d)? m?s$/ };

// A connection is all that is asked: whatever the server does with it afterwards is not looked at.
describeChecker('tcp', checkTcp, {
  up: { serve: acceptsThenHangs, ...connected },
  down: { serve: refuses, options, ok: false, evidence: /^connection refused$/ },
  refused: { serve: refuses, options, ok: false, evidence: /^connection refused$/ },
  timeout: { serve: acceptsThenHangs, ...connected },
  slow: { serve: closesWithoutAnswer, ...connected },
  'reset in the middle': { serve: () => resetsInTheMiddle('x'), ...connected },
  garbage: { serve: () => answers('\0\xff garbage'), ...connected },
  'more than expected': { serve: () => endlessBytes('x'), ...connected },
});
