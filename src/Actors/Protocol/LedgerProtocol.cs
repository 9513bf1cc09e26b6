using Akka.Actor;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Actors.Protocol;

/// <summary>
/// What the learner says to its ledger, and what the ledger answers. All local: nothing here crosses a wire.
/// </summary>
/// <remarks>Hence the marker on each message: Akka's serialize-messages, on in tests, leaves them alone.</remarks>
internal static class LedgerProtocol
{
    /// <summary>
    /// Asks for what a run can go on from. Answered by <see cref="Recovered"/> or <see cref="StoreFailed"/>.
    /// </summary>
    public sealed record Recover : INoSerializationVerificationNeeded;

    /// <summary>What was found.</summary>
    /// <param name="Checkpoint">The checkpoint that was committed last; null for a new run.</param>
    /// <param name="Epoch">The epoch that this learner has started: one more than any before.</param>
    /// <param name="LastStep">The last outer step in the ledger; 0 for a new run.</param>
    /// <param name="Warnings">One line each, for the operator.</param>
    public sealed record Recovered(
        Checkpoint? Checkpoint, long Epoch, long LastStep, IReadOnlyList<string> Warnings)
        : INoSerializationVerificationNeeded
    {
        /// <summary>Changes of settings that decide theta, oldest first.</summary>
        public IReadOnlyList<SettingChanged> Changes { get; init; } = [];
    }

    /// <summary>One outer step to be written down. Answered by <see cref="StepSaved"/>.</summary>
    public sealed record RecordStep(StepFacts Facts) : INoSerializationVerificationNeeded;

    /// <summary>The step is on disk.</summary>
    public sealed record StepSaved(long Step) : INoSerializationVerificationNeeded;

    /// <summary>
    /// Asks to save a checkpoint once every step up to it is in the ledger. Answered by <see cref="CheckpointSaved"/>
    /// or <see cref="CheckpointFailed"/>.
    /// </summary>
    public sealed record SaveCheckpoint(Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

    /// <summary>The checkpoint is on disk, and the ledger says so.</summary>
    public sealed record CheckpointSaved(long Step) : INoSerializationVerificationNeeded
    {
        /// <summary>The number of the event that says so.</summary>
        public long Event { get; init; }

        /// <summary>Checkpoints up to this step are of no more use; null if none is.</summary>
        public long? Superseded { get; init; }
    }

    /// <summary>The checkpoint could not be written; the one before still holds.</summary>
    public sealed record CheckpointFailed(long Step, string Reason) : INoSerializationVerificationNeeded;

    /// <summary>
    /// Gives some states to the store, for a checkpoint to come: <see cref="StatesStored"/> says where they stand then.
    /// </summary>
    /// <param name="Group">Which, for the learner.</param>
    /// <param name="States">The states of consecutive blocks.</param>
    public sealed record StoreStates(int Group, IReadOnlyList<PairSnapshot> States) : INoSerializationVerificationNeeded;

    /// <summary>The states are on disk.</summary>
    public sealed record StatesStored(int Group, StateGroup Stored) : INoSerializationVerificationNeeded;

    /// <summary>Asks for states that stand in the store. Answered by <see cref="StatesLoaded"/>.</summary>
    public sealed record LoadStates(IReadOnlyList<StateGroup> Groups) : INoSerializationVerificationNeeded;

    /// <summary>The states of the groups that were asked for.</summary>
    public sealed record StatesLoaded(IReadOnlyList<PairSnapshot> States) : INoSerializationVerificationNeeded;

    /// <summary>Writes down that a setting was changed. Answered by <see cref="SettingSaved"/>, in order.</summary>
    public sealed record ChangeSetting(string Key, string From, string To) : INoSerializationVerificationNeeded
    {
        /// <summary>The last step before the change, which was given to the ledger; null to leave it out.</summary>
        public long? Step { get; init; }

        /// <summary>Who has changed it; null to leave it out.</summary>
        public string? By { get; init; }

        /// <summary>When.</summary>
        public DateTimeOffset At { get; init; }

        /// <summary>What stands in the ledger then; its epoch and its place the ledger knows.</summary>
        public SettingChanged Event => new(0, Key, From, To) { Step = Step, By = By, At = At };

        /// <summary>Of a change that the learner knows of.</summary>
        public static ChangeSetting Of(SettingChanged change)
        {
            ArgumentNullException.ThrowIfNull(change);
            return new ChangeSetting(change.Key, change.From, change.To)
            {
                Step = change.Step,
                By = change.By,
                At = change.At,
            };
        }
    }

    /// <summary>The oldest change that was not answered yet is on disk.</summary>
    public sealed record SettingSaved : INoSerializationVerificationNeeded;

    /// <summary>
    /// The store does not answer; the ledger retries with backoff and keeps what it was given, in order.
    /// </summary>
    public sealed record StoreUnavailable(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>The store answers again.</summary>
    public sealed record StoreAvailable : INoSerializationVerificationNeeded;

    /// <summary>The store cannot be used at all (not a database, of another run, held by another learner).</summary>
    /// <param name="Kind">Which exit code it deserves.</param>
    /// <param name="Reason">One line.</param>
    public sealed record StoreFailed(StoreFailure Kind, string Reason) : INoSerializationVerificationNeeded;
}

/// <summary>Why a store cannot be used.</summary>
internal enum StoreFailure
{
    /// <summary>Damaged, or not of this run: exit code 65.</summary>
    Data,

    /// <summary>Another learner writes this run: exit code 73.</summary>
    Held,

    /// <summary>Input or output failed for good: exit code 74.</summary>
    InputOutput,
}

/// <summary>
/// What the ledger and its writer, the persistent actor, say to each other besides <see cref="LedgerProtocol"/>.
/// </summary>
internal static class LedgerWriterProtocol
{
    /// <summary>The ledger can be written.</summary>
    public sealed record Opened(LedgerProtocol.Recovered? Recovered, long Epoch, long LastStep)
        : INoSerializationVerificationNeeded;

    /// <summary>The store has failed: the writer stops.</summary>
    public sealed record WriterFailed(StoreFault Fault) : INoSerializationVerificationNeeded;

    /// <summary>A setting to be written down: the index-th of this epoch.</summary>
    public sealed record WriteSetting(int Index, LedgerProtocol.ChangeSetting Change)
        : INoSerializationVerificationNeeded;

    /// <summary>The setting is on disk.</summary>
    public sealed record SettingSaved : INoSerializationVerificationNeeded;
}
