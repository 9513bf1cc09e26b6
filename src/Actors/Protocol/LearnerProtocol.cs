using Akka.Actor;

namespace Involute.Actors.Protocol;

/// <summary>A node actor: another one at the same path, of a process that was started anew, is another node.</summary>
/// <param name="Path">Its path, with the address of its process.</param>
/// <param name="Uid">Tells it from others that have had the path.</param>
internal readonly record struct NodeIdentity(string Path, long Uid);

/// <summary>What the process says to its learner; stays in the process.</summary>
internal static class LearnerProtocol
{
    /// <summary>Finish the step in flight, save a checkpoint, and end.</summary>
    public sealed record StopRun : INoSerializationVerificationNeeded;

    /// <summary>The process ends its run as it is.</summary>
    internal sealed record GiveUp : INoSerializationVerificationNeeded;

    /// <summary>What a stop waits for has not come.</summary>
    internal sealed record StopOverdue : INoSerializationVerificationNeeded
    {
        public static StopOverdue Instance { get; } = new();
    }

    /// <summary>Time has passed: those that keep the run waiting may have to be reminded.</summary>
    internal sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }

    /// <summary>A node's actor has stopped, or its process is gone.</summary>
    internal sealed record NodeStopped(NodeIdentity Node) : INoSerializationVerificationNeeded;

    /// <summary>The ledger's actor has stopped: nothing more can be written.</summary>
    internal sealed record LedgerStopped(string Reason) : INoSerializationVerificationNeeded;

    /// <summary>On the event stream: a node takes part.</summary>
    /// <param name="Address">Its actor system.</param>
    /// <param name="ProcessId">Its process.</param>
    /// <param name="Slots">Windows that it can run at once.</param>
    public sealed record NodeRegistered(Address Address, int ProcessId, int Slots) : INoSerializationVerificationNeeded;
}
