using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <summary>Whether what the store holds belongs to the run that is about to go on from it.</summary>
internal static class Recovery
{
    /// <summary>One line that says why not; null if it does.</summary>
    public static string? Problem(LearnerSettings settings, Recovered recovered)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(recovered);
        if (!settings.Resume)
        {
            return recovered.Checkpoint is null && recovered.LastStep == 0
                ? null
                : $"the store of the new run {settings.RunId} already holds {recovered.LastStep} steps: "
                    + "resume it, or start another";
        }

        return recovered.Checkpoint is { } checkpoint ? Problem(settings, checkpoint) : null;
    }

    /// <summary>How a run ends whose store cannot be used.</summary>
    public static RunStatus StatusOf(StoreFailure kind) => kind switch
    {
        StoreFailure.Data => RunStatus.BadData,
        StoreFailure.Held => RunStatus.Held,
        StoreFailure.InputOutput => RunStatus.StorageFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown failure"),
    };

    private static string? Problem(LearnerSettings settings, Checkpoint checkpoint)
    {
        var what = $"the checkpoint of step {checkpoint.Step}";
        var plan = settings.Plan;
        if (checkpoint.RunId != settings.RunId)
        {
            return $"{what} is of run {checkpoint.RunId}, not of {settings.RunId}";
        }

        if (checkpoint.IdentitySha256 != settings.IdentitySha256)
        {
            return $"{what} was made under other settings ({checkpoint.IdentitySha256}, now {settings.IdentitySha256})";
        }

        var theta = checkpoint.State.Theta.Values.Length;
        var memory = checkpoint.State.MetaOptimizer.Length;
        var fits = theta == plan.ThetaLength
            && memory == plan.MetaOptimizer.StateLength(plan.ThetaLength)
            && checkpoint.Pairs.Select(pair => pair.Block).SequenceEqual(plan.Blocks());
        return fits
            ? null
            : $"{what} does not fit: theta of {theta}, meta-optimizer of {memory}, {checkpoint.Pairs.Count} blocks";
    }

    /// <summary>The settings over the steps: with what the ledger has of changes, and what a resume changes.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="recovered">What the store holds; null of a new run.</param>
    /// <param name="given">What a resume changes.</param>
    /// <exception cref="InvalidDataException">The ledger has a change that cannot be.</exception>
    public static ChangingSettings Changing(
        LearnerSettings settings, Recovered? recovered, IEnumerable<ChangeSetting> given) => new(
        settings.Run,
        [
            .. recovered?.Changes ?? [],
            .. given.Select(change => change.Event),
        ],
        settings.Plan.MetaOptimizer);

    /// <summary>What a resume has changed, for the ledger.</summary>
    public static IReadOnlyList<ChangeSetting> Given(LearnerSettings settings, Recovered? recovered)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var step = recovered?.LastStep ?? 0;
        return
        [
            .. settings.SettingChanges.Concat(settings.ChangesAtStep).Select(
                change => new ChangeSetting(change.Key, change.Before ?? "", change.After ?? "")
                {
                    Step = step,
                    By = $"{Environment.UserName} (resume --set)",
                    At = settings.Time.GetUtcNow(),
                }),
        ];
    }

    /// <summary>Whether a new run may begin, which does not wait for its store: that takes longer to warm up than the first
    /// steps.</summary>
    public static string? ProblemOfNew(LearnerSettings settings, Recovered recovered, Action<LearnerEffect> emit)
    {
        foreach (var warning in recovered.Warnings)
        {
            emit(new LearnerEffect.Warn(warning));
        }

        return Problem(settings, recovered);
    }
}
