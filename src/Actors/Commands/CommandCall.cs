using System.Globalization;
using Akka.Actor;

namespace Involute.Commands;

/// <summary>A command that was given, with its arguments.</summary>
/// <param name="Definition">The command.</param>
/// <param name="Arguments">Values by the names of the arguments; a flag that was set has an empty one.</param>
/// <param name="Json">Whether the answer is for a program: one JSON value on each line.</param>
/// <param name="Caller">Who has given it.</param>
public sealed record CommandCall(
    CommandDefinition Definition, IReadOnlyDictionary<string, string> Arguments, bool Json, Caller Caller)
    : INoSerializationVerificationNeeded
{
    /// <summary>The value of an argument; null if it was not given.</summary>
    public string? Text(ArgumentDefinition argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return Arguments.GetValueOrDefault(argument.Name);
    }

    /// <summary>Whether an argument was given.</summary>
    public bool Has(ArgumentDefinition argument) => Text(argument) is not null;

    /// <summary>The value of an argument as a whole number; null if it was not given.</summary>
    /// <exception cref="CommandRefusedException">It is none, or outside the range.</exception>
    public long? Number(ArgumentDefinition argument, long least, long most)
    {
        ArgumentNullException.ThrowIfNull(argument);
        if (Text(argument) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
                ? number
                : throw new CommandRefusedException(
                    $"{argument.Switch ?? argument.Name} {text}: allowed: a whole number from {least} to {most}");
    }
}
