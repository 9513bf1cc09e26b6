using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>
/// What a person is told of an option: the same in hocon/reference.conf and in <c>involute describe</c>.
/// </summary>
internal static class OptionHelp
{
    /// <summary>Paragraphs: what it means, then what may be written.</summary>
    public static IEnumerable<string> Paragraphs(OptionDescription option)
    {
        yield return option.Explanation;
        foreach (var word in option.Words)
        {
            yield return word.Explanation.Length > 0 ? $"{word.Text}: {word.Explanation}." : $"{word.Text}.";
        }

        if (option.Type is not (OptionType.Word or OptionType.Text or OptionType.Texts))
        {
            yield return $"{Paragraph.Sentence(option.Allowed)[..^1]}{(option.Unit is { } unit ? $", in {unit}" : "")}.{MayChange(option)}";
        }
        else if (option.MayChange || option.MayChangeAtStep)
        {
            yield return MayChange(option).TrimStart();
        }
    }

    /// <summary>The default, as it is written in a file.</summary>
    public static string Default(OptionDescription option, object defaults) =>
        OptionNode.Text(option, option.Get(defaults));

    private static string MayChange(OptionDescription option) => option.MayChangeInRun
        ? " May be changed on resume and while the run goes on."
        : option.MayChange ? " May be changed on resume."
        : option.MayChangeAtStep ? " May be changed from an outer step on." : "";
}
