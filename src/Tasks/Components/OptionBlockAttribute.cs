namespace Involute.Tasks.Components;

/// <summary>
/// Puts the options that a record itself declares into a block of their own below <c>involute</c>, beside that of the
/// component: what many components share is set in one place for all of them.
/// </summary>
/// <remarks>
/// In the component's own block they are read too, where they stood before they had one of their own, and a run's
/// identity names them there.
/// </remarks>
/// <param name="key">Key of the block: 1 to 40 lowercase letters, digits and hyphens; not that of another
/// block.</param>
/// <param name="explanation">What the block is for, in sentences.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptionBlockAttribute(string key, string explanation) : Attribute
{
    /// <summary>Key of the block.</summary>
    public string Key => key;

    /// <summary>What the block is for.</summary>
    public string Explanation => explanation;
}
