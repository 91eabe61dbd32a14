/** Every page while it is empty, very full or broken, light and dark. */
import { checkEveryState } from '../states/walk-states.ts';

checkEveryState(() => true);
