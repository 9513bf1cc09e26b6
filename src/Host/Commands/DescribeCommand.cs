using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Reporting;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;

namespace Involute.Host.Commands;

/// <summary><c>involute describe NAME</c>: what a component or a key is, its options, ranges and defaults.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME")
        {
            Description = "A component (adam, or optimizer.adam where two kinds have the name) or a key (sigma).",
        };
        var plugin = CommonOptions.Plugin("With the components of the assemblies in this folder.");
        var command = new Command(
            "describe", "Describe a component or a setting: what it is, options, ranges, defaults.")
        {
            name, plugin,
        };
        command.SetAction(parsed =>
        {
            Console.Write(Describe(ConfigurationLoader.Catalogue(parsed.GetValue(plugin)), parsed.GetValue(name)!));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Describe(ComponentCatalogue catalogue, string name)
    {
        var text = new ComponentText(ListCommand.Width);
        var word = name.StartsWith($"{ConfigurationLayers.Root}.", StringComparison.Ordinal)
            ? name[(ConfigurationLayers.Root.Length + 1)..]
            : name;
        string[] found =
        [
            .. catalogue.Components.Where(component => IsCalled(component, word)).Select(text.Describe),
            .. ConfigurationSchema.Entries.Where(entry => entry.Key == word && entry.Option is not null)
                .Select(entry =>
                    $"{ConfigurationLayers.Root}.{word}\n\n{text.Describe(entry.Option!, new RunConfiguration())}"),
            .. ConfigurationSchema.Kinds.Where(kind => kind.Block == word || kind.Plural == word)
                .Select(kind => text.List(kind, [.. catalogue.Of(kind)])),
            .. OptionBlock.Of(catalogue).Where(block => block.Key == word).Select(text.Describe),
        ];
        if (found.Length == 0)
        {
            found = [.. Options(catalogue, word, text)];
        }

        return found.Length > 0 ? string.Join('\n', found) : throw Unknown(catalogue, word);
    }

    // Options of components: "offset", "truncation.offset".
    private static IEnumerable<string> Options(ComponentCatalogue catalogue, string word, ComponentText text) =>
        [
            .. from component in catalogue.Components
               from option in component.Options
               where option.Block is null && (option.Key == word || $"{component.Kind.Block}.{option.Key}" == word)
               select $"{ConfigurationLayers.Root}.{component.Kind.Block}.{option.Key} of {component}\n\n"
                   + text.Describe(option, component.Defaults()),
            .. from block in OptionBlock.Of(catalogue)
               from option in block.Options
               where option.Key == word || $"{block.Key}.{option.Key}" == word
               select $"{ConfigurationLayers.Root}.{block.Key}.{option.Key}\n\n"
                   + text.Describe(option, block.Components[0].Defaults()),
        ];

    private static bool IsCalled(Component component, string word)
    {
        var prefix = $"{component.Kind.Block}.";
        return component.IsCalled(word)
            || (word.StartsWith(prefix, StringComparison.Ordinal) && component.IsCalled(word[prefix.Length..]));
    }

    private static CommandException Unknown(ComponentCatalogue catalogue, string word)
    {
        string[] known =
        [
            .. catalogue.Components.SelectMany(component => component.Names),
            .. ConfigurationSchema.Entries.Select(entry => entry.Key),
        ];
        var hint = TheirNames.Hint(catalogue, word) ?? Spelling.Suggest(word, known);
        return new CommandException(
            ExitCode.Configuration,
            $"describe: no component and no key is called {Excerpt.Quote(word)}{hint}; "
            + "'involute list' shows all components, hocon/reference.conf all keys");
    }
}
