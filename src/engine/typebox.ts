/**
 * TypeBox, all that is used of it. It comes as 200 modules, which take half of the time in which the
 * command line starts: the build makes one file of them and this one (scripts/bundle-typebox.mjs).
 */
export { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
