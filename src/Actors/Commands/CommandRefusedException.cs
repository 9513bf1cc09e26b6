namespace Involute.Commands;

/// <summary>A command cannot be done as it was given: one line for the one who gave it.</summary>
/// <param name="message">The line.</param>
public sealed class CommandRefusedException(string message) : Exception(message);
