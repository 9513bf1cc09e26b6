namespace Involute.Tasks.Components;

/// <summary>The options of a component, which also describe it; see <see cref="ComponentAttribute"/>.</summary>
/// <remarks>Immutable. Concrete records are sealed or final in use, and have a public constructor without
/// parameters.</remarks>
public abstract record ComponentOptions
{
    /// <summary>The component's name, as in the configuration.</summary>
    public string Name => Component.Of(GetType()).Name;

    /// <summary>What is wrong with options that are each allowed; nothing by default.</summary>
    public virtual IEnumerable<OptionProblem> Check() => [];
}

/// <summary>Options that are each allowed and together wrong, or a text that is wrong in itself.</summary>
/// <param name="Key">Key of the option to blame.</param>
/// <param name="Problem">What is wrong, without the key.</param>
/// <param name="Allowed">What would be right.</param>
public sealed record OptionProblem(string Key, string Problem, string Allowed);
