namespace Involute.Runs.Configuration;

/// <summary>Where a setting was written.</summary>
/// <param name="Source">The file as the user named it, or the whole <c>--set</c> argument.</param>
/// <param name="Line">Counted from 1; 0 where there are no lines.</param>
/// <param name="Column">Counted from 1; 0 where there are no lines.</param>
public readonly record struct SourcePosition(string Source, int Line, int Column)
{
    /// <summary>The source as a whole.</summary>
    public static SourcePosition Of(string source) => new(source, 0, 0);

    /// <summary>The same, without the value that a <c>--set</c> argument gives: it may be a secret.</summary>
    public SourcePosition WithoutValue() => Line == 0 && Source.Contains('=', StringComparison.Ordinal)
        ? this with { Source = Source[..Source.IndexOf('=', StringComparison.Ordinal)] }
        : this;

    /// <summary>The form of error messages: <c>FILE:LINE</c>.</summary>
    public override string ToString() =>
        Line == 0 ? Excerpt.OneLine(Source) : FormattableString.Invariant($"{Excerpt.OneLine(Source)}:{Line}");
}
