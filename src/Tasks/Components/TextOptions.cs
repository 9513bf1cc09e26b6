namespace Involute.Tasks.Components;

/// <summary>A block of options that only its owner knows, each as text, in ordinal order of their names.</summary>
public sealed class TextOptions(params IEnumerable<KeyValuePair<string, string>> entries) : IEquatable<TextOptions>
{
    /// <summary>No options.</summary>
    public static TextOptions None { get; } = new();

    /// <summary>Names and texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries { get; } =
        [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public bool Equals(TextOptions? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextOptions);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(0, HashCode.Combine);
}
