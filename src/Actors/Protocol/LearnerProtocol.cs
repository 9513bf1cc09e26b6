using Akka.Actor;

namespace Involute.Actors.Protocol;

/// <summary>What the process says to its learner; stays in the process.</summary>
public static class LearnerProtocol
{
    /// <summary>Finish the step in flight, save a checkpoint, and end.</summary>
    public sealed record StopRun : INoSerializationVerificationNeeded;

    /// <summary>Time has passed: somebody may have to be reminded.</summary>
    internal sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }

    /// <summary>On the event stream: a node takes part.</summary>
    /// <param name="Address">Its actor system.</param>
    /// <param name="ProcessId">Its process.</param>
    /// <param name="Slots">Windows that it can run at once.</param>
    public sealed record NodeRegistered(Address Address, int ProcessId, int Slots) : INoSerializationVerificationNeeded;
}
