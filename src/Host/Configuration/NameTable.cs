namespace Involute.Hosting.Configuration;

/// <summary>One name that a block may have.</summary>
public sealed class NamedChoice
{
    internal NamedChoice(string name, params IReadOnlyList<string> options)
    {
        Name = name;
        Options = options;
    }

    /// <summary>The name, as in the effective configuration.</summary>
    public string Name { get; }

    /// <summary>Other names that are read as this one.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Keys that a block of this name has besides its name.</summary>
    public IReadOnlyList<string> Options { get; }
}

/// <summary>The names that one block of the configuration may have.</summary>
public sealed class NameTable
{
    private readonly NamedChoice[] _choices;

    internal NameTable(string block, string nameKey, params NamedChoice[] choices)
    {
        Block = block;
        NameKey = nameKey;
        _choices = choices;
    }

    /// <summary>Key of the block under <c>involute</c>.</summary>
    public string Block { get; }

    /// <summary>Key of the name within the block.</summary>
    public string NameKey { get; }

    /// <summary>The known names, for help and errors.</summary>
    public IEnumerable<string> Names => _choices.Select(choice => choice.Name);

    /// <summary>The names with their options.</summary>
    public IReadOnlyList<NamedChoice> Choices => _choices;

    /// <summary>The choice of this name or alias, or null.</summary>
    public NamedChoice? Find(string name) =>
        Array.Find(_choices, choice => choice.Name == name || choice.Aliases.Contains(name));

    /// <summary>The choice that a name node stands for.</summary>
    internal NamedChoice Resolve(HoconNode node)
    {
        var choice = node is HoconScalar scalar ? Find(scalar.Text) : null;
        return choice ?? throw new ConfigurationException(
            node.Position,
            $"involute.{Block}.{NameKey}",
            $"unknown name {node.Description}{Spelling.Suggest((node as HoconScalar)?.Text, Names)}",
            string.Join(", ", Names));
    }
}
