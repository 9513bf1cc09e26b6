using Akka.Actor;

namespace Involute.Actors.Palettes;

/// <summary>On the event stream: a line that the run or the worker has told its user.</summary>
/// <param name="Time">When.</param>
/// <param name="Line">The line.</param>
internal sealed record LogNews(DateTimeOffset Time, string Line) : INoSerializationVerificationNeeded;
