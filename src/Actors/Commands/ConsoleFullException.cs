namespace Involute.Commands;

/// <summary>A console has no room for another client.</summary>
/// <param name="message">As the console says it.</param>
internal sealed class ConsoleFullException(string? message) : IOException(message);
