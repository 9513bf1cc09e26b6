namespace Involute.Tasks.Components;

/// <summary>
/// Names a component (a task, an estimator, …) and says in one line what it is; stands on its options record.
/// </summary>
/// <remarks>
/// The options record is the whole description of a component: this attribute, an <see cref="OptionAttribute"/> for
/// each option, perhaps <see cref="RunDefaultAttribute"/>, and a method that makes the component. The configuration,
/// error messages, <c>involute list</c>, <c>involute describe</c> and hocon/reference.conf are derived from it.
/// </remarks>
/// <param name="name">What the configuration calls it: 1 to 40 lowercase letters, digits and hyphens.</param>
/// <param name="summary">One sentence without a full stop, at most some 100 characters.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ComponentAttribute(string name, string summary) : Attribute
{
    /// <summary>What the configuration calls it.</summary>
    public string Name => name;

    /// <summary>One sentence.</summary>
    public string Summary => summary;

    /// <summary>Other names that are read as this one.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>Paper and equation, or another origin.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// Names of the same thing in google/learned_optimization, for the hint to someone who writes them.
    /// </summary>
    public string[] Theirs { get; init; } = [];
}

/// <summary>Makes an abstract options record a kind of component: one block of the configuration.</summary>
/// <param name="block">Key of the block under <c>involute</c>; also the word for one component.</param>
/// <param name="plural">The word for several, as in <c>involute list estimators</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ComponentKindAttribute(string block, string plural) : Attribute
{
    /// <summary>Key of the block under <c>involute</c>.</summary>
    public string Block => block;

    /// <summary>The word for several.</summary>
    public string Plural => plural;

    /// <summary>Key of the name within the block.</summary>
    public string NameKey { get; init; } = "name";
}

/// <summary>
/// A default of another setting that goes with this component: what suits one optimizer does not suit all.
/// </summary>
/// <remarks>A file or <c>--set</c> that sets the key wins. Inherited by records that derive from the one it stands
/// on.</remarks>
/// <param name="key">Key below <c>involute</c>, for instance <c>sigma</c> or <c>truncation.max</c>.</param>
/// <param name="value">The value, as it is written in a file.</param>
/// <param name="reason">Why.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RunDefaultAttribute(string key, string value, string reason) : Attribute
{
    /// <summary>Key below <c>involute</c>.</summary>
    public string Key => key;

    /// <summary>The value, as it is written in a file.</summary>
    public string Value => value;

    /// <summary>Why.</summary>
    public string Reason => reason;
}
