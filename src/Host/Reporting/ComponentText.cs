using System.Text;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;

namespace Involute.Host.Reporting;

/// <summary>Components as <c>involute list</c> and <c>involute describe</c> print them.</summary>
/// <param name="width">Maximum number of characters in a line.</param>
internal sealed class ComponentText(int width)
{
    private const int Indent = 2;

    /// <summary>The names of a kind, a summary beside each.</summary>
    public string List(ComponentKind kind, IReadOnlyList<Component> components)
    {
        var text = new StringBuilder($"{kind.Plural} ({ConfigurationLayers.Root}.{kind.Block})\n");
        var column = Indent + components.Max(component => component.Name.Length) + 2;
        foreach (var component in components)
        {
            var lines = Paragraph.Lines(Summary(component), width - column).ToArray();
            text.Append(' ', Indent).Append(component.Name.PadRight(column - Indent)).Append(lines[0]).Append('\n');
            foreach (var line in lines.Skip(1))
            {
                text.Append(' ', column).Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Everything about one component.</summary>
    public string Describe(Component component)
    {
        var text = new StringBuilder($"{component.Kind.Block} {component.Name}");
        text.Append(component.Aliases.Count > 0 ? $" (short: {string.Join(", ", component.Aliases)})\n\n" : "\n\n");
        Add(text, Indent, Paragraph.Sentence(component.Summary));
        if (component.Source is { } source)
        {
            text.Append('\n');
            Add(text, Indent, $"From {source}.");
        }

        if (component.Theirs.Count > 0)
        {
            text.Append('\n');
            Add(text, Indent, $"In google/learned_optimization: {string.Join(", ", component.Theirs)}.");
        }

        var defaults = component.Defaults();
        if (component.Options.Count == 0)
        {
            text.Append("\nno options\n");
        }

        foreach (var block in component.Options.GroupBy(option => option.Block?.Key ?? component.Kind.Block))
        {
            text.Append($"\noptions of {ConfigurationLayers.Root}.{block.Key}, with their defaults\n");
            foreach (var option in block)
            {
                text.Append('\n');
                Add(text, option, defaults);
            }
        }

        if (component.RunDefaults.Count > 0)
        {
            text.Append("\nother settings that have another default with this component\n");
            foreach (var setting in component.RunDefaults)
            {
                text.Append('\n').Append(' ', Indent)
                    .Append($"{ConfigurationLayers.Root}.{setting.Key} = {setting.Value}\n");
                Add(text, 2 * Indent, setting.Reason);
            }
        }

        return text.ToString();
    }

    /// <summary>Everything about a block that several components share.</summary>
    public string Describe(OptionBlock block)
    {
        var text = new StringBuilder($"{ConfigurationLayers.Root}.{block.Key}\n\n");
        Add(text, Indent, block.Explanation);
        text.Append('\n');
        Add(
            text, Indent,
            $"It belongs to these {block.Kind.Plural}: {string.Join(", ", block.Components.Select(component => component.Name))}.");
        foreach (var option in block.Options)
        {
            text.Append('\n');
            Add(text, option, block.Components[0].Defaults());
        }

        return text.ToString();
    }

    /// <summary>Everything about a key that belongs to no component.</summary>
    public string Describe(OptionDescription option, object defaults)
    {
        var text = new StringBuilder();
        Add(text, option, defaults);
        return text.ToString();
    }

    private static string Summary(Component component) => component.Aliases.Count == 0
        ? component.Summary
        : $"{component.Summary} (short: {string.Join(", ", component.Aliases)})";

    private void Add(StringBuilder text, OptionDescription option, object defaults)
    {
        text.Append(' ', Indent).Append($"{option.Key} = {OptionHelp.Default(option, defaults)}\n");
        foreach (var paragraph in OptionHelp.Paragraphs(option))
        {
            Add(text, 2 * Indent, paragraph);
        }
    }

    private void Add(StringBuilder text, int indent, string paragraph)
    {
        foreach (var line in Paragraph.Lines(paragraph, width - indent))
        {
            text.Append(' ', indent).Append(line).Append('\n');
        }
    }
}
