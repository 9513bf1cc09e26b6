namespace Involute.Runs;

/// <summary>Something that happened to a run, for its operator and its log.</summary>
/// <param name="Event">What kind, in one word of lowercase letters and hyphens: <c>worker-joined</c>, <c>warning</c>.</param>
/// <param name="Text">One line for a person.</param>
public sealed record RunNews(string Event, string Text)
{
    /// <summary>The event of a warning that has no other.</summary>
    public const string Warning = "warning";

    /// <summary>Whether an operator may have to do something about it.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The outer step in which it happened; null if it does not matter.</summary>
    public long? Step { get; init; }

    /// <summary>The first pair of those that it happened to; null if to none.</summary>
    public int? Pair { get; init; }

    /// <summary>The address of the process that it happened to, <c>host:port</c>; null if to none, or to this one.</summary>
    public string? Node { get; init; }
}
