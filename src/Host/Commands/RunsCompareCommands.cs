using System.CommandLine;
using Involute.Estimators.Plans;
using Involute.Host.Errors;
using Involute.Host.Listing;
using Involute.Host.Output;
using Involute.Host.Reporting.Plots;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute runs compare A B …</c> and <c>runs diff A B</c>.</summary>
internal static class RunsCompareCommands
{
    private static readonly Dictionary<string, (CurveAxis Axis, string Name)> Axes = new(StringComparer.Ordinal)
    {
        ["outer-step"] = (CurveAxis.OuterStep, "outer step"),
        ["inner-steps"] = (CurveAxis.InnerSteps, "inner steps"),
        ["wall-time"] = (CurveAxis.WallTime, "seconds of work"),
    };

    /// <summary>Both.</summary>
    public static IReadOnlyList<Command> Create() => [Compare(), Diff()];

    private static Command Compare()
    {
        var (names, runs, config, set) = (
            Names(new ArgumentArity(2, 32)), CommonOptions.Runs(), CommonOptions.Config(), CommonOptions.Set());
        var by = new Option<string>("--by")
        {
            Description = "What runs are compared by: outer-step, inner-steps or wall-time.",
            HelpName = "AXIS",
            DefaultValueFactory = _ => "outer-step",
        };
        var output = new Option<string?>("--out")
        {
            Description = "The picture; without it none is drawn.",
            HelpName = "FILE.png|FILE.svg",
        };
        var dark = new Option<bool>("--dark") { Description = "Draw the picture on dark ground." };
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new Command("compare", "Compare runs: the meta-loss where all have come, in a table and one picture.")
        {
            names, runs, config, set, by, output, dark, json,
        };
        command.SetAction(parsed =>
        {
            var word = parsed.GetValue(by)!;
            if (!Axes.TryGetValue(word, out var axis))
            {
                throw new CommandException(
                    ExitCode.Configuration, $"--by {word}: no such axis; allowed: {string.Join(", ", Axes.Keys)}");
            }

            var settings = ConfigurationLoader.Load(parsed.GetValue(config)!, parsed.GetValue(set)!);
            var curves = parsed.GetValue(names)!
                .Select(name => Curve(FoundRun.Find(parsed.GetValue(runs)!, name, settings.Store), settings, axis.Axis)).ToList();
            var (common, compared) = ComparedRun.Of(curves);
            foreach (var line in parsed.GetValue(json)
                ? [ComparedRun.ToJson(compared)]
                : ComparedRun.Lines(compared, axis.Name, common, Terminal.Width()))
            {
                Console.WriteLine(line);
            }

            if (parsed.GetValue(output) is { } path)
            {
                ComparisonPlot.Write(
                    parsed.GetValue(dark) ? PlotStyle.Dark : PlotStyle.Light,
                    [.. curves.Select(curve => (curve.Run, curve.X, curve.Loss))], axis.Name, path);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Diff()
    {
        var (names, runs, config, set) = (
            Names(new ArgumentArity(2, 2)), CommonOptions.Runs(), CommonOptions.Config(), CommonOptions.Set());
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new Command("diff", "Show in which settings, builds and data two runs differ.")
        {
            names, runs, config, set, json,
        };
        command.SetAction(parsed =>
        {
            var shared = ConfigurationLoader.LoadStore(parsed.GetValue(config)!, parsed.GetValue(set)!);
            var found = parsed.GetValue(names)!.Select(name => FoundRun.Find(parsed.GetValue(runs)!, name, shared)).ToArray();
            IReadOnlyList<RunDifference> all =
            [
                .. found[0].Configuration is { } one && found[1].Configuration is { } other
                    ? RunDifference.OfSettings(one, other)
                    : RunDifference.OfIdentities(StoredRun.IdentityOf(found[0]), StoredRun.IdentityOf(found[1])),
                .. RunDifference.OfComputations(
                    RunDifference.ComputationOf(found[0].Store), RunDifference.ComputationOf(found[1].Store)),
            ];
            foreach (var line in parsed.GetValue(json)
                ? [RunDifference.ToJson(all)]
                : RunDifference.Lines(
                    found[0].Id.Value, found[1].Id.Value, all, Terminal.Width(),
                    [.. found.Where(run => run.Configuration is null).Select(run => run.Id.Value)]))
            {
                Console.WriteLine(line);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string[]> Names(ArgumentArity arity) => new("RUN")
    {
        Description = "Runs: names of folders under --runs, paths, or names that the database of --config has.",
        Arity = arity,
    };

    private static RunCurve Curve(FoundRun run, RunConfiguration settings, CurveAxis axis)
    {
        var curve = run.Folder is { } folder && File.Exists(folder.Metrics)
            ? RunCurve.OfTables(run.Id.Value, folder.Metrics, folder.Progress, axis)
            : null;
        if (curve is { X.Length: > 0 })
        {
            return curve;
        }

        var plan = axis == CurveAxis.InnerSteps ? Plan(run, settings) : null;
        curve = run.Store.ReadRecords(
            records => RunCurve.OfLedger(run.Id.Value, records, LedgerId.Of(run.Store.RunId), axis, plan));
        return curve is { X.Length: > 0 } ? curve : throw new CommandException(
            ExitCode.Data,
            axis == CurveAxis.InnerSteps
                ? $"{run.Id}: its database does not know inner steps; allowed: with the run's own settings (--config FILE, "
                    + "--set …), which tell them, if it is no fork"
                : $"{run.Id}: there is no outer step with a loss to compare");
    }

    // The settings that are given are the run's if they have its identity.
    private static TrainingPlan<float>? Plan(FoundRun run, RunConfiguration settings)
    {
        var own = run.Configuration ?? settings;
        return own.IdentitySha256() == StoredRun.IdentityOf(run) ? Readiness.RequireRoom(own).Plan : null;
    }
}
