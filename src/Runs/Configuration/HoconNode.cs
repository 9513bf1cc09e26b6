namespace Involute.Runs.Configuration;

/// <summary>A parsed value that remembers where it was written.</summary>
internal abstract class HoconNode(SourcePosition position)
{
    /// <summary>Where the value (for a scalar or list) or its key (for a block) starts.</summary>
    public SourcePosition Position { get; } = position;

    /// <summary>What the node is, for messages.</summary>
    public abstract string Description { get; }
}

/// <summary>Text, a number or a boolean; which one is decided by the setting that reads it.</summary>
internal sealed class HoconScalar(SourcePosition position, string text, bool isQuoted) : HoconNode(position)
{
    /// <summary>The text without its quotes, escapes resolved.</summary>
    public string Text { get; } = text;

    /// <summary>Quoted values are text and never numbers.</summary>
    public bool IsQuoted { get; } = isQuoted;

    /// <inheritdoc/>
    public override string Description => IsQuoted ? $"the text {Excerpt.Quote(Text)}" : Excerpt.Quote(Text);
}

/// <summary>Values in square brackets.</summary>
internal sealed class HoconList(SourcePosition position, IReadOnlyList<HoconNode> items) : HoconNode(position)
{
    /// <summary>The values in order.</summary>
    public IReadOnlyList<HoconNode> Items { get; } = items;

    /// <inheritdoc/>
    public override string Description => "a list";
}
