namespace Involute.Tasks.Components;

/// <summary>Makes a property an option of the configuration; its default is the property's initial value.</summary>
/// <remarks>
/// Types: <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, their nullable forms (null is written as
/// <see cref="OffWord"/>; 0 is read as it), enums (see <see cref="WordAttribute"/>), <see cref="bool"/>,
/// <see cref="string"/>, <c>IReadOnlyList&lt;int&gt;</c>, <c>IReadOnlyList&lt;string&gt;</c> and <see cref="TextOptions"/>. Numbers
/// must be finite.
/// </remarks>
/// <param name="explanation">What it means and why one would change it, in sentences.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string explanation) : Attribute
{
    /// <summary>What it means and why one would change it.</summary>
    public string Explanation => explanation;

    /// <summary>The key; by default the property's name in kebab case.</summary>
    public string? Key { get; init; }

    /// <summary>Unit of a number, for instance <c>inner steps</c>; it may be written behind the number.</summary>
    public string? Unit { get; init; }

    /// <summary>Least number; of each item of a list.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>Greatest number; of each item of a list.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Least"/> itself is excluded.</summary>
    public bool AboveLeast { get; init; }

    /// <summary>Whether <see cref="Most"/> itself is excluded.</summary>
    public bool BelowMost { get; init; }

    /// <summary>Most items of a list.</summary>
    public int MostItems { get; init; } = int.MaxValue;

    /// <summary>How null is written.</summary>
    public string OffWord { get; init; } = "off";

    /// <summary>A word that may stand in the place of a whole number; null if there is none.</summary>
    public string? Word { get; init; }

    /// <summary>The value that <see cref="Word"/> stands for; it may lie outside of the range.</summary>
    public int WordValue { get; init; }

    /// <summary>A file or folder: made absolute when a run begins.</summary>
    public bool IsPath { get; init; }

    /// <summary>No message repeats the value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it may change when a run is resumed; such an option is not part of a run's identity.</summary>
    public bool MayChange { get; init; }

    /// <summary>Of an option that may change on resume: whether it may also change while the run goes on.</summary>
    public bool MayChangeInRun { get; init; }

    /// <summary>
    /// Whether it may change from an outer step on, which the run's ledger then names. It is part of the run's identity with
    /// the value that the run began with, and its component's memory has the same length for all its values.
    /// </summary>
    public bool MayChangeAtStep { get; init; }

    /// <summary>
    /// Of an option that was added to a component that runs already used: the value that runs without it have always
    /// had, as it is written in a file. With that value it does not count in a run's identity.
    /// </summary>
    public string? WhenMissing { get; init; }

    /// <summary>
    /// Names of the same thing in google/learned_optimization, for the hint to someone who writes them.
    /// </summary>
    public string[] Theirs { get; init; } = [];
}

/// <summary>
/// A property whose record holds more options, which are read and written as if they stood in its place.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionGroupAttribute : Attribute;

/// <summary>How a member of an enum is written in the configuration; without it, its name in kebab case.</summary>
/// <param name="explanation">What it stands for, as half a sentence.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WordAttribute(string explanation) : Attribute
{
    /// <summary>What it stands for.</summary>
    public string Explanation => explanation;

    /// <summary>The word; by default the member's name in kebab case.</summary>
    public string? Text { get; init; }

    /// <summary>Names of the same thing in google/learned_optimization.</summary>
    public string[] Theirs { get; init; } = [];
}
