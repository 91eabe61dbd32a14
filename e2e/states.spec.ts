/** Pages that are empty, very full or broken, light and dark: those that look most unlike the others. */
import { checkEveryState } from './states/walk-states.ts';

checkEveryState(({ everyTime }) => everyTime === true);
