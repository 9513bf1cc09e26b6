using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Runs.Opening;

namespace Involute.Actors.Palettes;

/// <summary>The run that a node's palettes tell of.</summary>
/// <param name="Open">The run.</param>
/// <param name="Watch">What it has come to.</param>
/// <param name="Seat">Its learner, while this process leads.</param>
internal sealed record RunSubject(OpenRun Open, RunWatch Watch, LearnerSeat Seat) : INoSerializationVerificationNeeded;
