/**
 * What a changelog in the form of Keep a Changelog says of a version, without its heading.
 *
 * @param tag the version, with or without a leading v
 * @throws RangeError when the changelog has nothing to say of it
 */
export function changesOf(changelog: string, tag: string): string {
  const version = tag.replace(/^v/, "");
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const changes = section?.slice(section.indexOf("\n")).trim() ?? "";
  if (changes === "")
    throw new RangeError(`CHANGELOG.md has no section "## [${version}]" that says something`);
  return changes;
}
