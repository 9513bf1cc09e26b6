using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Plugins;
using Involute.Runs.Stores;
using Involute.Runs.Verification;
using Involute.Runs.Verification.Evidence;
using Involute.Tasks;
using Involute.Tasks.Images;

namespace Involute.Runs.Opening;

/// <summary>
/// Reads a run's store and judges it: what <c>resume</c>, <c>show</c>, <c>eval</c> and <c>verify</c> go by, so that they
/// come to the same verdict.
/// </summary>
public static class RunReader
{
    // A database on a server knows a run by its name alone.
    private const string OtherName =
        "; if the folder was copied or renamed, call it again what the run is called in the database, and give it another name "
        + "by 'involute runs rename' or 'runs copy'";

    /// <summary>
    /// Reads a run as of one moment: of a long one the part since the older of its checkpoints, and of what stands before
    /// only that it is there. Where that shows anything wrong, everything is read.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="store">Its store.</param>
    /// <param name="computation">What this program computes the run with; null if that is not compared.</param>
    /// <param name="notComputed">Why it is not compared.</param>
    /// <param name="whole">Whether everything is read in any case.</param>
    /// <param name="progress">Hears of each event, where everything is read in any case.</param>
    /// <param name="mayLackItsEnd">
    /// Whether the run is to go on from an older checkpoint: then the ledger may lack its end.
    /// </param>
    /// <exception cref="InvalidDataException">The store cannot be read at all, or the whole ledger is gone.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static VerifiedRun Read(
        RunFolder folder, RunConfiguration configuration, IRunStore store, Computation? computation = null,
        string notComputed = "not asked for", bool whole = false, Action<VerificationProgress>? progress = null,
        bool mayLackItsEnd = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(store);
        var expected = new ExpectedRun(
            store.RunId,
            configuration.IdentitySha256(),
            configuration.Pairs,
            configuration.PairsPerActor,
            MayLackLoss: configuration is { Reset: ResetContract.Upstream, Window: 1 })
        {
            Computation = computation,
            NotComputed = notComputed,
            Parent = whole ? fork => ForkParent.Find(folder, fork) : null,
        };

        // The mark first: a learner that writes meanwhile only makes the ledger longer than the mark tells.
        var mark = folder.ReadLedgerMark();
        var run = store.ReadRecords(records => whole
            ? RunVerification.Of(records, expected, progress)
            : RunVerification.SinceCheckpoints(records, expected));

        // What was read was of one moment, whose connection is closed.
        run.LoadStates = group => store.ReadRecords(
            records => CheckpointParts.Read(group, part => records.Part(run.Ledger!, part)));

        // A violation says more precisely what is wrong with a ledger that is there.
        return run.Problem is null && Missing(mark, folder, store, run, mayLackItsEnd) is { } missing
            ? throw new InvalidDataException(
                missing + (run.History.FirstWriter is null && configuration.Store.IsShared ? OtherName : ""))
            : run;
    }

    // A ledger that is gone must not be begun anew over a run's results; one that never began may begin. Folders of
    // versions before 0.3 have no mark: their status tells.
    private static string? Missing(
        LedgerMark? mark, RunFolder folder, IRunStore store, VerifiedRun run, bool mayLackItsEnd) =>
        mark is not null ? mayLackItsEnd && mark.LacksTheEnd(run.History.FirstWriter, run.LastStep)
            ? null
            : mark.Problem(store.Place, run.History.FirstWriter, run.LastStep, WithoutTheEnd(folder, run))
                ?? (run.History.FirstWriter is null ? RunFork.NotBegun(folder) : null)
        : run.LastStep == 0 && folder.ReadStatus() is { OuterStep: > 0 } record
            ? $"{store.Place}: the ledger is gone, and status.json tells of {record.OuterStep} outer steps; restore it, or "
                + "begin another run"
        : null;

    // A standby without the last changes has taken the place of the database, say.
    private static string WithoutTheEnd(RunFolder folder, VerifiedRun run) =>
        $"'involute resume {folder.RunId} --at {run.WholeSteps.DefaultIfEmpty(0).Max()}' goes on from what is there";

    /// <summary>
    /// A run's plan and what this program computes it with; where its data or its plugin is not here or wrong, why not.
    /// </summary>
    public static (TrainingPlan<float>? Plan, Computation? Computation, string Why) TryCompute(
        RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        try
        {
            var plan = PlanFactory.Create(configuration);
            return (plan, ThisComputation.Of(configuration, plan), "");
        }
        catch (Exception missing) when (IsNotHere(missing))
        {
            return (null, null, missing.Message);
        }
    }

    /// <summary>Names and shapes of a run's theta; null where the run's data or plugin is not here or wrong.</summary>
    internal static ThetaLayout? TryLayout(RunConfiguration configuration)
    {
        try
        {
            return PlanFactory.InitialThetaAndLayout(configuration).Layout;
        }
        catch (Exception missing) when (IsNotHere(missing))
        {
            return null;
        }
    }

    /// <summary>Throws if anything in the store is not as it should be.</summary>
    /// <param name="run">The run as it was read.</param>
    /// <param name="at">
    /// The step of an older checkpoint to go on from: then wrong checkpoints after it do not count. Null otherwise.
    /// </param>
    /// <exception cref="InvalidDataException">It is not; one line.</exception>
    public static void Require(VerifiedRun run, long? at = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (at is 0 && run.History.Fork is { } fork)
        {
            throw new RunRefusedException(
                $"run {run.Expected.RunId} has no start of its own: it is a fork of run {fork.Parent} at step {fork.Step}; "
                    + (run.WholeSteps.Count > 0
                        ? $"allowed: {string.Join(", ", run.WholeSteps)}"
                        : $"'involute train --from {fork.Parent} --step {fork.Step}' forks it again"));
        }

        if (at is { } step)
        {
            if (step != 0 && !run.IsWhole(step))
            {
                throw new RunRefusedException(
                    $"run {run.Expected.RunId} has no whole committed checkpoint of step {step}; allowed: "
                        + $"{string.Join(", ", run.WholeSteps.Prepend(0))}");
            }

            if (run.WayOut is { } newest && newest >= step)
            {
                return;
            }
        }

        if (run.Problem is { } problem)
        {
            throw new InvalidDataException(problem);
        }
    }

    private static bool IsNotHere(Exception missing) => missing is IOException or UnauthorizedAccessException
        or DataFormatException or InvalidDataException or ConfigurationException or PluginException;
}
