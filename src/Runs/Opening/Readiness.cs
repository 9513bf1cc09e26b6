using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification;
using Involute.Tasks.Optimizers;

namespace Involute.Runs.Opening;

/// <summary>What must hold before a run is begun or gone on with. Reads, and writes nothing.</summary>
/// <remarks>What it says is of this instant: the folder and the claim decide.</remarks>
internal static class Readiness
{
    /// <summary>Reads the task's data, and makes sure that a run of this size can be kept.</summary>
    public static (TrainingPlan<float> Plan, RunSizes Sizes) RequireRoom(RunConfiguration configuration)
    {
        var plan = PlanFactory.Create(configuration);
        var sizes = RunSizes.Of(configuration, plan);
        sizes.Require(configuration);
        return (plan, sizes);
    }

    /// <summary>The name of a new run, which is free here and in a database on a server.</summary>
    /// <param name="configuration">The run's settings.</param>
    /// <param name="runsFolder">Folder of all runs.</param>
    /// <param name="name">What it shall be called; null for a name made of task, optimizer and estimator.</param>
    /// <param name="lost">Names that are known to be taken; null for none.</param>
    /// <exception cref="RunRefusedException">It cannot have that name.</exception>
    public static string NewName(
        RunConfiguration configuration, string runsFolder, string? name, IReadOnlySet<string>? lost = null)
    {
        if (name is null)
        {
            return RunName.Generate(
                runsFolder, id => lost?.Contains(id) == true || IsInSharedStore(configuration, id), Parts(configuration));
        }

        if (!RunName.IsValid(name))
        {
            throw new RunRefusedException(RunName.Refusal(name));
        }

        var path = Path.GetFullPath(Path.Combine(runsFolder, name));
        if (Path.Exists(path))
        {
            throw new RunRefusedException(new RunNameTakenException(path).Message);
        }

        return IsInSharedStore(configuration, name)
            ? throw new RunRefusedException(
                $"{StoreFactory.Shared(configuration, name)!.Place} has begun already: resume it, choose another name, or "
                    + $"delete it by 'involute runs rm {name}' with the same settings of the store")
            : name;
    }

    /// <summary>Makes sure that no setting differs that decides theta.</summary>
    /// <returns>The settings that differ.</returns>
    /// <exception cref="RunRefusedException">One that decides theta does.</exception>
    public static IReadOnlyList<SettingChange> RequireSameRun(
        RunFolder folder, RunConfiguration before, RunConfiguration configuration)
    {
        var changes = ResumeRules.Differences(before, configuration);
        if (before.IdentitySha256() != configuration.IdentitySha256())
        {
            var refused = ResumeRules.FirstRefused(before, changes);
            throw new RunRefusedException(
                $"run {folder.RunId} was started with other settings: {refused.Key} cannot change from "
                    + $"{refused.Before ?? "none"} to {refused.After ?? "none"}");
        }

        return changes;
    }

    /// <summary>Reads what a run has done, and makes sure that this process may go on from it.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="configuration">Its settings from now on.</param>
    /// <param name="store">Its store.</param>
    /// <param name="computation">What this process computes the run with; null if that is not compared.</param>
    /// <param name="at">The step of an older checkpoint to go on from; null for the newest.</param>
    /// <remarks>
    /// What the ledger holds cannot be undone, and a ledger that is gone must not be begun anew over a run's results.
    /// </remarks>
    public static VerifiedRun RequireProgress(
        RunFolder folder, RunConfiguration configuration, IRunStore store, Computation? computation, long? at)
    {
        var run = RunReader.Read(
            folder, configuration, store, computation, whole: at is not null, mayLackItsEnd: at is not null);
        if (configuration.OuterSteps < run.LastStep)
        {
            throw new RunRefusedException(
                $"involute.outer-steps = {configuration.OuterSteps}, but the run has done {run.LastStep}; allowed: at "
                    + $"least {run.LastStep}");
        }

        RunReader.Require(run, at);
        return run;
    }

    // A database on a server is asked before there is a folder: it may have the name from elsewhere, or not answer.
    private static bool IsInSharedStore(RunConfiguration configuration, string id) =>
        StoreFactory.Shared(configuration, id)?.LastEvent() > 0;

    private static IEnumerable<string> Parts(RunConfiguration configuration) =>
        configuration.Optimizer is NoOptimizerOptions
            ? [configuration.Task.Title, configuration.Estimator.Name]
            : [configuration.Task.Title, configuration.Optimizer.Name, configuration.Estimator.Name];
}
