import type { Tx } from '../../db/database.ts';
import { templateFor, textChannels } from '../../domain/campaign/content.ts';
import type { CampaignDocument } from '../../domain/campaign/document.ts';
import { loadTemplate } from '../../sending/render.ts';

/** Templates may be made after the campaign; its messages are skipped while theirs is missing. @returns a warning for each */
export async function missingTemplates(tx: Tx, document: CampaignDocument): Promise<string[]> {
  const warnings: string[] = [];
  for (const channel of textChannels) {
    const named = templateFor(document, channel);
    if (named === undefined || (await loadTemplate(tx, channel, named.Name, named.Version)) !== null)
      continue;
    const version = named.Version === undefined ? '' : ` version ${named.Version}`;
    warnings.push(
      `TemplateConfiguration: no template "${named.Name}"${version} of type ${channel}; its messages are skipped as TEMPLATE_MISSING until there is one`,
    );
  }
  return warnings;
}
