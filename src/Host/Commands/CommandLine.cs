using System.CommandLine;
using System.CommandLine.Parsing;
using Involute.Host.Errors;
using Involute.Host.Running;
using Involute.Processes.Catalogue;
using Involute.Runs.Configuration;
using Involute.Torch.Adjoint;
using Involute.Torch.Catalogue;

namespace Involute.Host.Commands;

/// <summary>All commands with their options, and what is wrong with a command line.</summary>
internal static class CommandLine
{
    /// <summary>The command <c>involute</c>.</summary>
    public static RootCommand Create()
    {
        KnownComponents.Add(TorchCatalogue.Components);
        KnownComponents.Add(ProcessCatalogue.Components);
        KnownDevices.Use(OwnDevices.All);
        KnownDerivatives.Use(new TorchDerivative());
        return Root();
    }

    private static RootCommand Root() => new(
        "Meta-trains theta (a learned optimizer, a schedule, a simulation's parameters) with evolution strategies.")
    {
        PlanCommand.Create(),
        CheckCommand.Create(),
        BenchCommand.Create(),
        TrainCommand.Create(),
        ResumeCommand.Create(),
        LearnerCommand.Create(),
        WorkerCommand.Create(),
        CertsCommand.Create(),
        ConsoleCommand.Create(),
        DashboardCommand.Create(),
        ShowCommand.Create(),
        RunsCommand.Create(),
        EvalCommand.Create(),
        VerifyCommand.Create(),
        ExportCommand.Create(),
        ConfigCommand.Create(),
        ListCommand.Create(),
        DescribeCommand.Create(),
        ReproduceCommand.Create(),
    };

    /// <summary>
    /// What is wrong with a command line; null if nothing is. <see cref="ExitCode.Usage"/> where words are missing or too
    /// many, <see cref="ExitCode.Configuration"/> where the value of an option is wrong.
    /// </summary>
    public static CommandException? Problem(RootCommand root, ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        if (parsed.Errors.FirstOrDefault(error => !IsOfValue(error)) is { } misuse)
        {
            return new CommandException(
                ExitCode.Usage,
                $"{Misuse(root, parsed, misuse)}; 'involute --help' lists commands, 'involute COMMAND --help' its options");
        }

        return (EmptyValue(parsed) ?? (parsed.Errors is [var wrong, ..] ? wrong.Message : null)) is { } problem
            ? new CommandException(ExitCode.Configuration, problem)
            : null;
    }

    // A word that is no command makes the parser say first that a command is missing.
    private static string Misuse(RootCommand root, ParseResult parsed, ParseError error)
    {
        if (parsed is not { UnmatchedTokens: [var unknown, ..] })
        {
            return error.Message.TrimEnd('.');
        }

        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && !unknown.StartsWith('-'))
        {
            var path = command == root ? unknown : $"{command.Name} {unknown}";
            return $"unknown command {Excerpt.Quote(path)}"
                + Spelling.Suggest(unknown, command.Subcommands.Select(sub => sub.Name));
        }

        return error.Message.TrimEnd('.')
            + (OfSetting(command, unknown)
                ?? (unknown.StartsWith('-') ? Spelling.Suggest(unknown.Split('=')[0], command.Options.Select(option => option.Name)) : ""));
    }

    // As other programs take settings: KEY=VALUE, or -DKEY=VALUE.
    private static string? OfSetting(Command command, string unknown)
    {
        var setting = unknown.StartsWith("-D", StringComparison.Ordinal) ? unknown[2..] : unknown;
        return setting.StartsWith($"{ConfigurationLayers.Root}.", StringComparison.Ordinal)
            && setting.Contains('=', StringComparison.Ordinal)
            && command.Options.Any(option => option.Name == "--set")
            ? $" (did you mean {Excerpt.Quote($"--set {setting}")}?)"
            : null;
    }

    // An option that may be given once and was given once, with a value that it does not take.
    private static bool IsOfValue(ParseError error) => error.SymbolResult switch
    {
        OptionResult { IdentifierTokenCount: 1, Tokens.Count: 1 } => true,
        ArgumentResult { Tokens.Count: 1 } => true,
        _ => false,
    };

    // Most often a variable of a script that was never set: "" as a path would mean the current folder.
    private static string? EmptyValue(ParseResult parsed) => parsed.CommandResult.Children
        .Where(result => result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        .Select(result => result switch
        {
            OptionResult { Option: var option } => $"{option.Name}: the value is empty; allowed: {option.HelpName}",
            ArgumentResult { Argument: var argument } => $"{argument.Name}: the value is empty; allowed: a name or a path",
            _ => null,
        })
        .FirstOrDefault(problem => problem is not null);
}
