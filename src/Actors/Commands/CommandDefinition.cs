namespace Involute.Commands;

/// <summary>A command of a palette: its name, what it takes, and how it behaves. Clients download it.</summary>
/// <param name="Name">The word behind the palette's name; empty for a palette that is one command.</param>
/// <param name="Summary">One line for a person.</param>
/// <param name="Arguments">What it takes.</param>
public sealed record CommandDefinition(
    string Name, string Summary, params IReadOnlyList<ArgumentDefinition> Arguments)
{
    /// <summary>What a person is asked before it is done; null for a command that changes nothing.</summary>
    public string? Question { get; init; }

    /// <summary>Whether it goes on answering until it is cancelled.</summary>
    public bool IsStream { get; init; }

    /// <summary>How long it may take to answer, in seconds; a stream has no limit.</summary>
    public int Patience { get; init; } = 30;

    /// <summary>
    /// Whether it changes something: then it is asked for, written down, and refused over a network unless that is allowed.
    /// </summary>
    public bool Changes => Question is not null;
}
