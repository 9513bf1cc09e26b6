using System.Text;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>
/// Writes hocon/reference.conf: every key with what it means, its range, its default. A test compares the file.
/// </summary>
internal static class ReferenceText
{
    private const int Width = 120;

    private const string Introduction =
        """
        # Settings of a run: every key, what it means, its unit and range, its default, and why one would change it.
        # Written by 'involute config reference': the descriptions stand beside the code that they describe.
        #
        # These are the defaults. A run's own settings are laid over them:
        #
        #   involute train --config my.conf --set involute.sigma=0.05
        #
        # Files and --set may be repeated; later ones win. Nothing else has defaults: what is not here does not exist, and a key
        # that is misspelt, set twice in one file, of the wrong type or out of its range is an error with file and line.
        # The settings that a run really has are in its folder, in config.conf.

        """;

    private const string Chapters =
        """

        # Options of the blocks above depend on their name; these are the defaults that come with each name. Write an option
        # into the block itself, not in here:
        #
        #   involute.task { name = quadratic, dimension = 100 }
        #
        # A block may also be set by its name alone, as in --set involute.task=quadratic: then options that were set before stay
        # where the new name has them too, and everything else is as below. What several components share stands in a block of
        # its own, at the end: involute.torch { batching = loop }.

        """;

    /// <summary>The whole text, with line feeds only.</summary>
    public static string Write(ComponentCatalogue catalogue)
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n")).Append('\n');
        var defaults = new RunConfiguration();
        text.Append(ConfigurationLayers.Root).Append(" {\n");
        foreach (var entry in ConfigurationSchema.Entries)
        {
            text.Append('\n');
            if (entry.Option is { } option)
            {
                Setting(text, "  ", option, defaults);
            }
            else
            {
                Block(text, entry, entry.Property.GetValue(defaults)!, catalogue);
            }
        }

        text.Append("}\n").Append(Chapters.ReplaceLineEndings("\n")).Append("\ndefaults {\n");
        foreach (var kind in ConfigurationSchema.Kinds)
        {
            Chapter(text, kind, catalogue);
        }

        foreach (var block in OptionBlock.Of(catalogue))
        {
            Chapter(text, block);
        }

        return text.Append("}\n").ToString();
    }

    private static void Block(StringBuilder text, ConfigurationEntry entry, object value, ComponentCatalogue catalogue)
    {
        Comment(text, "  ", entry.Block!.Explanation);
        text.Append("  ").Append(entry.Key).Append(" {\n");
        if (entry.Kind is { } kind)
        {
            foreach (var component in catalogue.Of(kind))
            {
                Comment(text, "    ", $"{Title(component)}: {component.Summary}.");
            }

            text.Append("    ").Append(kind.NameKey).Append(" = ").Append(((ComponentOptions)value).Name).Append('\n');
        }

        foreach (var (i, option) in entry.Options.Index())
        {
            text.Append(i > 0 ? "\n" : "");
            Setting(text, "    ", option, value);
        }

        text.Append("  }\n");
    }

    private static void Chapter(StringBuilder text, ComponentKind kind, ComponentCatalogue catalogue)
    {
        text.Append('\n');
        Comment(text, "  ", $"Options of {ConfigurationLayers.Root}.{kind.Block}");
        text.Append("  ").Append(kind.Block).Append(" {\n");
        foreach (var component in catalogue.Of(kind))
        {
            text.Append('\n');
            Comment(text, "    ", $"{Title(component)}: {component.Summary}.");
            if (component.Source is { } source)
            {
                Comment(text, "    ", $"{source}.");
            }

            if (component.Options.All(option => option.Block is not null))
            {
                text.Append("    ").Append(component.Name).Append(" {}\n");
                continue;
            }

            text.Append("    ").Append(component.Name).Append(" {\n");
            Options(text, component);
            text.Append("    }\n");
        }

        text.Append("  }\n");
    }

    private static void Chapter(StringBuilder text, OptionBlock block)
    {
        text.Append('\n');
        Comment(text, "  ", $"Options of {ConfigurationLayers.Root}.{block.Key}: {block.Explanation}");
        Comment(
            text, "  ",
            $"It belongs to these {block.Kind.Plural}: {string.Join(", ", block.Components.Select(component => component.Name))}.");
        text.Append("  ").Append(block.Key).Append(" {\n");
        foreach (var (i, option) in block.Options.Index())
        {
            text.Append(i > 0 ? "\n" : "");
            Setting(text, "    ", option, block.Components[0].Defaults());
        }

        text.Append("  }\n");
    }

    private static void Options(StringBuilder text, Component component)
    {
        var defaults = component.Defaults();
        foreach (var (i, option) in component.Options.Where(option => option.Block is null).Index())
        {
            text.Append(i > 0 ? "\n" : "");
            Setting(text, "      ", option, defaults);
        }

        if (component.RunDefaults.Count > 0)
        {
            text.Append('\n');
            Comment(
                text, "      ", $"With {component.Name} these settings have other defaults; what a file or --set says wins, as always:");
            foreach (var setting in component.RunDefaults)
            {
                Comment(text, "      ", $"  {ConfigurationLayers.Root}.{setting.Key} = {setting.Value}");
                Comment(text, "      ", setting.Reason, hanging: "    ");
            }
        }
    }

    private static string Title(Component component) =>
        component.Aliases.Count == 0
            ? component.Name
            : $"{component.Name} (short: {string.Join(", ", component.Aliases)})";

    private static void Setting(StringBuilder text, string indent, OptionDescription option, object values)
    {
        foreach (var paragraph in OptionHelp.Paragraphs(option))
        {
            Comment(text, indent, paragraph);
        }

        text.Append(indent).Append(option.Key).Append(" = ").Append(OptionHelp.Default(option, values)).Append('\n');
    }

    private static void Comment(StringBuilder text, string indent, string paragraph, string hanging = "")
    {
        // What is indented is an example, which keeps its form.
        IEnumerable<string> lines = paragraph.StartsWith(' ')
            ? [paragraph]
            : Paragraph.Lines(paragraph, Width - indent.Length - 2 - hanging.Length);
        foreach (var line in lines)
        {
            text.Append(indent).Append("# ").Append(hanging).Append(line).Append('\n');
        }
    }
}
