namespace Involute.Hosting.Configuration;

/// <summary>The words of a setting and what each stands for.</summary>
internal sealed class NamedValues<T>(params (string Name, T Value)[] values)
    where T : struct, Enum
{
    /// <summary>Words that a later version will know.</summary>
    public IReadOnlyList<string> NotYet { get; init; } = [];

    /// <summary>The words, for messages.</summary>
    public IEnumerable<string> Names => values.Select(entry => entry.Name);

    /// <summary>Looks a word up.</summary>
    public bool TryFind(string name, out T value)
    {
        var index = Array.FindIndex(values, entry => entry.Name == name);
        value = index < 0 ? default : values[index].Value;
        return index >= 0;
    }

    /// <summary>The word of a value.</summary>
    public string NameOf(T value) => Array.Find(values, entry => entry.Value.Equals(value)).Name;
}
