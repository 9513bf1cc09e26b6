namespace Involute.Runs.Opening;

/// <summary>A run cannot be begun or resumed as it was asked for; the message is one line for the user.</summary>
public sealed class RunRefusedException(string message) : Exception(message);
