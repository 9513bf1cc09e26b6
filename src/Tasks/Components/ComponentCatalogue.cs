namespace Involute.Tasks.Components;

/// <summary>The components that a configuration may choose from, in the order in which they are listed.</summary>
public sealed class ComponentCatalogue
{
    private readonly List<Component> _components = [];

    /// <summary>A catalogue of components, each given by its options record.</summary>
    /// <exception cref="ArgumentException">A type is no component's options, or two of a kind have one
    /// name.</exception>
    public ComponentCatalogue(params IEnumerable<Type> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var type in options)
        {
            Add(Component.Of(type));
        }
    }

    /// <summary>Every component, in order.</summary>
    public IReadOnlyList<Component> Components => _components;

    /// <summary>The kinds, in the order of their first components.</summary>
    public IEnumerable<ComponentKind> Kinds => _components.Select(component => component.Kind).Distinct();

    /// <summary>This catalogue and more components.</summary>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public ComponentCatalogue With(IEnumerable<Type> options) =>
        new([.. _components.Select(component => component.OptionsType), .. options]);

    /// <summary>Components of a kind.</summary>
    public IEnumerable<Component> Of(ComponentKind kind) => _components.Where(component => component.Kind == kind);

    /// <summary>Names of a kind, for help and errors.</summary>
    public IEnumerable<string> Names(ComponentKind kind) => Of(kind).Select(component => component.Name);

    /// <summary>The component of a kind with this name or alias, or null.</summary>
    public Component? Find(ComponentKind kind, string name) =>
        _components.Find(component => component.Kind == kind && component.IsCalled(name));

    private void Add(Component component)
    {
        foreach (var name in component.Names)
        {
            if (Find(component.Kind, name) is { } other)
            {
                throw new ArgumentException(
                    $"two {component.Kind.Plural} are called '{name}': {other.OptionsType.FullName} and "
                        + $"{component.OptionsType.FullName}");
            }
        }

        _components.Add(component);
    }
}
