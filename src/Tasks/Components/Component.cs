using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Involute.Tasks.Components;

/// <summary>A kind of component: what one block of the configuration chooses from.</summary>
/// <param name="Block">Key of the block under <c>involute</c>; also the word for one component.</param>
/// <param name="Plural">The word for several.</param>
/// <param name="NameKey">Key of the name within the block.</param>
public sealed record ComponentKind(string Block, string Plural, string NameKey)
{
    private static readonly ConcurrentDictionary<Type, ComponentKind> Known = new();

    /// <summary>The kind of an options record, concrete or abstract.</summary>
    /// <exception cref="ArgumentException">It derives from no record with a
    /// <see cref="ComponentKindAttribute"/>.</exception>
    public static ComponentKind Of(Type options) => Known.GetOrAdd(options, static type =>
    {
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            if (declaring.GetCustomAttribute<ComponentKindAttribute>(inherit: false) is { } kind)
            {
                return new ComponentKind(kind.Block, kind.Plural, kind.NameKey);
            }
        }

        throw new ArgumentException($"{type.FullName} is no component's options");
    });
}

/// <summary>One component: everything that its options record says about it.</summary>
public sealed partial class Component
{
    private static readonly ConcurrentDictionary<Type, Component> Known = new();

    private readonly ComponentAttribute _attribute;
    private readonly Lazy<IReadOnlyList<OptionDescription>> _options;
    private readonly Lazy<IReadOnlyList<RunDefaultAttribute>> _runDefaults;

    private Component(Type type)
    {
        _attribute = type.GetCustomAttribute<ComponentAttribute>(inherit: false)
            ?? throw new ArgumentException($"{type.FullName} has no [Component] attribute");
        OptionsType = type;
        Kind = ComponentKind.Of(type);
        _options = new Lazy<IReadOnlyList<OptionDescription>>(() => WithKeys(OptionSchema.Of(type)));
        _runDefaults = new Lazy<IReadOnlyList<RunDefaultAttribute>>(
            () => [.. type.GetCustomAttributes<RunDefaultAttribute>(inherit: true)]);
    }

    /// <summary>The record of its options.</summary>
    public Type OptionsType { get; }

    /// <summary>What it is.</summary>
    public ComponentKind Kind { get; }

    /// <summary>The name, as in the effective configuration.</summary>
    public string Name => _attribute.Name;

    /// <summary>Other names that are read as this one.</summary>
    public IReadOnlyList<string> Aliases => _attribute.Aliases;

    /// <summary>One sentence without a full stop.</summary>
    public string Summary => _attribute.Summary;

    /// <summary>Paper and equation, or null.</summary>
    public string? Source => _attribute.Source;

    /// <summary>Names of the same thing in google/learned_optimization.</summary>
    public IReadOnlyList<string> Theirs => _attribute.Theirs;

    /// <summary>Its options, in canonical order.</summary>
    public IReadOnlyList<OptionDescription> Options => _options.Value;

    /// <summary>Defaults of other settings that go with it.</summary>
    public IReadOnlyList<RunDefaultAttribute> RunDefaults => _runDefaults.Value;

    /// <summary>The description of an options record.</summary>
    /// <exception cref="ArgumentException">The record describes no component.</exception>
    public static Component Of(Type options) => Known.GetOrAdd(options, static type => new Component(type));

    /// <summary>The description of an options record.</summary>
    public static Component Of<TOptions>()
        where TOptions : ComponentOptions, new() => Of(typeof(TOptions));

    /// <summary>Options with every default.</summary>
    public ComponentOptions Defaults() => Make([]);

    /// <summary>Options with these values, and defaults for the rest.</summary>
    /// <param name="values">See <see cref="OptionDescription"/>: null for off, a long for a whole number.</param>
    public ComponentOptions Make(IEnumerable<KeyValuePair<OptionDescription, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var options = (ComponentOptions)Activator.CreateInstance(OptionsType)!;
        foreach (var (option, value) in values)
        {
            option.Set(options, value);
        }

        return options;
    }

    /// <summary>The name and the aliases.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>Whether this is what a name or an alias stands for.</summary>
    public bool IsCalled(string name) => Names.Contains(name);

    /// <summary>For messages and debuggers.</summary>
    public override string ToString() => $"{Kind.Block} {Name}";

    // A run's own configuration has every key once, so it could not be read again.
    private IReadOnlyList<OptionDescription> WithKeys(IReadOnlyList<OptionDescription> options)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal) { Kind.NameKey };
        foreach (var option in options)
        {
            if (!AllowedKey().IsMatch(option.Key))
            {
                throw new ArgumentException(
                    $"an option has the key '{option.Key}'; allowed: 1 to 40 lowercase letters, digits and hyphens");
            }

            if (!taken.Add(option.Key))
            {
                throw new ArgumentException(option.Key == Kind.NameKey
                    ? $"an option has the key '{option.Key}', which the {Kind.Block}'s name has"
                    : $"two options have the key '{option.Key}'");
            }
        }

        return options;
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedKey();
}
