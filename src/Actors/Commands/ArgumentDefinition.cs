namespace Involute.Commands;

/// <summary>An argument of a command, as a client shows and completes it.</summary>
/// <param name="Name">What stands in help texts, and what the handler asks for.</param>
/// <param name="Summary">One line for a person.</param>
public sealed record ArgumentDefinition(string Name, string Summary)
{
    /// <summary>What is written before the value, such as <c>-i</c>; null for an argument that is known by its place.</summary>
    public string? Switch { get; init; }

    /// <summary>Whether the switch stands alone, without a value.</summary>
    public bool IsFlag { get; init; }

    /// <summary>Whether the command needs it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Values that a client offers for completion; others may be allowed too.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>How it is written in a line of help.</summary>
    public string Usage => (Switch, IsFlag, IsRequired) switch
    {
        (null, _, true) => Name,
        (null, _, false) => $"[{Name}]",
        ({ } flag, true, _) => $"[{flag}]",
        ({ } name, _, true) => $"{name} {Name}",
        ({ } name, _, false) => $"[{name} {Name}]",
    };
}
