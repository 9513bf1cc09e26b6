using Akka.Actor;

namespace Involute.Actors.Learning;

/// <summary>What the process says to its learner; stays in the process.</summary>
public static class LearnerProtocol
{
    /// <summary>Finish the step in flight, save a checkpoint, and end.</summary>
    public sealed record StopRun : INoSerializationVerificationNeeded;
}
