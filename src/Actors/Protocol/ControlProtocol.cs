using Akka.Actor;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;

namespace Involute.Actors.Protocol;

/// <summary>What an operator's commands say to the learner; stays in the process.</summary>
internal static class ControlProtocol
{
    /// <summary>A question or a request, answered to its sender; <see cref="Refused"/> where it cannot be done.</summary>
    public interface IControl : INoSerializationVerificationNeeded
    {
    }

    /// <summary>How does the run stand? Answered by <see cref="Standing"/>.</summary>
    public sealed record AskStanding : IControl;

    /// <summary>How the run stands.</summary>
    /// <param name="Phase">What the learner waits for, in words.</param>
    /// <param name="IsHeld">Whether an operator has asked it to begin no further step.</param>
    /// <param name="Nodes">Nodes that compute: their paths, and how many windows each runs at once.</param>
    public sealed record Standing(string Phase, bool IsHeld, IReadOnlyDictionary<string, int> Nodes)
        : INoSerializationVerificationNeeded
    {
        /// <summary>The settings of the step that comes next.</summary>
        public RunConfiguration Settings { get; init; } = new();

        /// <summary>Changes of settings, oldest first.</summary>
        public IReadOnlyList<SettingChanged> Changes { get; init; } = [];
    }

    /// <summary>
    /// Change a setting, from the step in flight on. Answered by <see cref="RunChanged"/> when the ledger has it on disk.
    /// </summary>
    /// <param name="Argument">As for <c>--set</c>: <c>KEY=VALUE</c>.</param>
    /// <param name="By">Who changes it.</param>
    public sealed record ChangeRun(string Argument, string By) : IControl;

    /// <summary>What has changed: nothing if the value was that already.</summary>
    public sealed record RunChanged(IReadOnlyList<SettingChanged> Changes) : INoSerializationVerificationNeeded;

    /// <summary>Where do some blocks live? Answered by <see cref="Homes"/>.</summary>
    /// <param name="First">Index of the first.</param>
    /// <param name="Count">How many at most.</param>
    public sealed record AskHomes(int First, int Count) : IControl;

    /// <summary>Where blocks live.</summary>
    /// <param name="Blocks">In pair order.</param>
    public sealed record Homes(IReadOnlyList<BlockHome> Blocks) : INoSerializationVerificationNeeded;

    /// <summary>Begin no further step, or go on. Answered by <see cref="Standing"/>.</summary>
    public sealed record HoldRun(bool IsHeld) : IControl;

    /// <summary>Write a checkpoint soon. Answered by <see cref="CheckpointTaken"/> when it is on disk.</summary>
    public sealed record TakeCheckpoint : IControl;

    /// <summary>A checkpoint is on disk that was asked for.</summary>
    public sealed record CheckpointTaken(long Step) : INoSerializationVerificationNeeded;

    /// <summary>End as after a signal. Answered by <see cref="RunStopped"/> when the run has ended.</summary>
    public sealed record EndRun : IControl;

    /// <summary>How the run has ended.</summary>
    public sealed record RunStopped(RunOutcome Outcome) : INoSerializationVerificationNeeded;

    /// <summary>Who has asked does not wait for an answer any longer. Not answered.</summary>
    public sealed record NoLongerWanted : IControl;

    /// <summary>Place a block anew, from the last cut. Answered by <see cref="BlockHome"/>.</summary>
    /// <param name="Block">Its index.</param>
    public sealed record RestartBlock(int Block) : IControl;

    /// <summary>What state would a block be made from again? Answered by <see cref="BlockCut"/>.</summary>
    /// <param name="Block">Its index.</param>
    public sealed record AskCut(int Block) : IControl;

    /// <summary>The state of a block at the last cut.</summary>
    /// <param name="Block">The pairs.</param>
    /// <param name="Version">Windows that the state has had.</param>
    /// <param name="State">The state, empty before the first window; null if it stands in the store only.</param>
    public sealed record BlockCut(PairBlock Block, ThetaVersion Version, ReadOnlyMemory<byte>? State)
        : INoSerializationVerificationNeeded;

    /// <summary>To a worker: what does it do? Answered by <see cref="WorkerStanding"/>.</summary>
    public sealed record AskWorker : INoSerializationVerificationNeeded;

    /// <summary>What a worker does.</summary>
    /// <param name="State">In words.</param>
    /// <param name="Run">The run that it takes part in; null for none.</param>
    /// <param name="Learner">Where its learner is; null without one.</param>
    /// <param name="Step">The outer step whose windows it computes; null without one.</param>
    /// <param name="Blocks">The pairs that live here.</param>
    public sealed record WorkerStanding(
        string State, string? Run, string? Learner, long? Step, IReadOnlyList<PairBlock> Blocks)
        : INoSerializationVerificationNeeded
    {
        /// <summary>Whether its learner has let it take part.</summary>
        public bool IsAccepted { get; init; }
    }

    /// <summary>It cannot be done.</summary>
    /// <param name="Reason">One line.</param>
    public sealed record Refused(string Reason) : INoSerializationVerificationNeeded;
}

/// <summary>Where a block of pairs lives.</summary>
/// <param name="Block">The pairs.</param>
/// <param name="Node">Path of the node; null if it has none now.</param>
/// <param name="Attempt">Counts its placements from 1.</param>
internal sealed record BlockHome(PairBlock Block, string? Node, int Attempt) : INoSerializationVerificationNeeded;
