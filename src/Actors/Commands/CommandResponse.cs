using Akka.Actor;

namespace Involute.Commands;

/// <summary>A piece of the answer to a command. A call is over with its first final one.</summary>
/// <param name="Text">Lines for a person or a program; empty for none.</param>
/// <param name="IsFinal">Whether it is the last.</param>
/// <param name="IsError">Whether the command could not be done; then the text says why.</param>
public sealed record CommandResponse(string Text, bool IsFinal, bool IsError) : INoSerializationVerificationNeeded
{
    /// <summary>The end of an answer.</summary>
    public static CommandResponse Done { get; } = new("", true, false);

    /// <summary>Lines, with more to come.</summary>
    public static CommandResponse Lines(string text) => new(text, false, false);

    /// <summary>The end: the command could not be done.</summary>
    public static CommandResponse Failed(string reason) => new(reason, true, true);
}
