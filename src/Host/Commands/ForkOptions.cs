using System.CommandLine;
using System.CommandLine.Parsing;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary>Options of a run that begins anew, or as a fork: it goes on from a step of another run.</summary>
/// <param name="config">Settings in files.</param>
/// <param name="set">Single settings.</param>
/// <param name="plugin">Components of a user's own.</param>
/// <param name="runs">Folder of all runs.</param>
internal sealed class ForkOptions(
    Option<string[]> config, Option<string[]> set, Option<string?> plugin, Option<string> runs)
{
    private readonly Option<string?> _from = new("--from")
    {
        Description = "Go on from another run, with its settings and those that are given here, as a run of its own: a fork "
            + "(docs/runs.md). What fits is taken over.",
        HelpName = "RUN",
    };

    private readonly Option<long?> _step = WholeNumberOption.Create(
        "--step", "With --from: the outer step to go on from; the newest checkpoint if absent.", 1, long.MaxValue, "STEP");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_from);
        command.Add(_step);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_step) is not null && !IsAsked(result))
            {
                result.AddError("--step needs --from");
            }
        });
    }

    /// <summary>Whether a fork is asked for.</summary>
    public bool IsAsked(CommandResult result) => result.GetValue(_from) is not null;

    /// <summary>The configuration of the run.</summary>
    public RunConfiguration Load(ParseResult parsed) => Load(parsed, Point(parsed));

    /// <summary>Begins the run, which claims it.</summary>
    public Task<OpenRun> BeginAsync(ParseResult parsed, string? name, CancellationToken cancellation)
    {
        var from = Point(parsed);
        return OpenRun.BeginAsync(Load(parsed, from), parsed.GetValue(runs)!, name, from, cancellation);
    }

    private RunConfiguration Load(ParseResult parsed, ForkPoint? from) => from is null
        ? TrainCommand.Load(parsed, config, set, plugin)
        : TrainCommand.Checked(ConfigurationLoader.LoadFork(
            from.Folder.FullPath, parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(plugin),
            from.Settings.Changes));

    private ForkPoint? Point(ParseResult parsed)
    {
        if (parsed.GetValue(_from) is not { } run)
        {
            return null;
        }

        var folder = RunFolder.Open(parsed.GetValue(runs)!, run);
        return ForkPoint.Read(
            folder, ConfigurationLoader.LoadRun(folder.FullPath, [], parsed.GetValue(plugin)), parsed.GetValue(_step));
    }
}
