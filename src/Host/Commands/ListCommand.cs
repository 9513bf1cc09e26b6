using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Planning;
using Involute.Host.Reporting;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;

namespace Involute.Host.Commands;

/// <summary><c>involute list [KIND]</c>: the components that a configuration may choose from.</summary>
internal static class ListCommand
{
    /// <summary>Width of what <c>list</c> and <c>describe</c> print: fits every terminal.</summary>
    public const int Width = 80;

    private const string Devices = "devices";

    public static Command Create()
    {
        var kind = new Argument<string?>("KIND")
        {
            Description = $"Which components: {string.Join(", ", Plurals)}; or {Devices}. All components if absent.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var plugin = CommonOptions.Plugin("With the components of the assemblies in this folder.");
        var command = new Command("list", "List tasks, optimizers, estimators and other components, or the devices of this machine.") { kind, plugin };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(kind) == Devices)
            {
                Console.Write(string.Concat(DeviceLines.Of(OwnDevices.All).Select(line => line + '\n')));
                return ExitCode.Ok;
            }

            var catalogue = ConfigurationLoader.Catalogue(parsed.GetValue(plugin));
            var kinds = parsed.GetValue(kind) is { } word ? [Find(word)] : ConfigurationSchema.Kinds;
            var text = new ComponentText(Width);
            Console.Write(string.Join('\n', kinds.Select(one => text.List(one, [.. catalogue.Of(one)]))));
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<string> Plurals => ConfigurationSchema.Kinds.Select(kind => kind.Plural);

    private static ComponentKind Find(string word) =>
        ConfigurationSchema.Kinds.FirstOrDefault(kind => kind.Plural == word || kind.Block == word)
        ?? throw new CommandException(
            ExitCode.Configuration,
            $"list: there are no {Excerpt.Quote(word)}{Spelling.Suggest(word, [.. Plurals, Devices])}; "
            + $"allowed: {string.Join(", ", Plurals)}, {Devices}");
}
