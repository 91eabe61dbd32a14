/** Program: on r1|r2 CMD [ARG ...]. Runs a command on a router of the lab that this shell runs in. */
import { currentLab } from './lab.ts';

const [name, ...argv] = process.argv.slice(2);
const lab = currentLab();
const router = lab.routers.find((candidate) => candidate.name === name);
if (!router || argv.length === 0) {
  console.error('usage: on r1|r2 COMMAND [ARG ...]');
  process.exit(2);
}
const { code, stdout, stderr } = await router.ssh(argv);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exit(code);
