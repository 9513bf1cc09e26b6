using System.Globalization;
using System.Reflection;

namespace Involute.Tasks.Components;

/// <summary>What kind of value an option takes.</summary>
public enum OptionType
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A finite real number.</summary>
    Number,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>Text without control characters.</summary>
    Text,

    /// <summary>A list of whole numbers.</summary>
    WholeList,

    /// <summary>A block of texts.</summary>
    Texts,

    /// <summary>A list of texts without control characters.</summary>
    TextList,
}

/// <summary>A word that an option may be, and what it stands for.</summary>
/// <param name="Text">The word.</param>
/// <param name="Value">The enum's value.</param>
/// <param name="Explanation">What it stands for; empty where the word says it.</param>
/// <param name="Theirs">Names of the same thing in google/learned_optimization.</param>
public sealed record OptionWord(string Text, object Value, string Explanation, IReadOnlyList<string> Theirs);

/// <summary>One option, as the attributes of its property describe it.</summary>
public sealed class OptionDescription
{
    private readonly PropertyInfo? _group;
    private readonly PropertyInfo _property;
    private readonly OptionAttribute _attribute;
    private readonly Type _type;

    internal OptionDescription(PropertyInfo? group, PropertyInfo property, OptionAttribute attribute)
    {
        _group = group;
        _property = property;
        _attribute = attribute;
        _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        CanBeOff = _type != property.PropertyType;
        Key = attribute.Key ?? KebabCase.Of(property.Name);
        Block = property.DeclaringType!.GetCustomAttribute<OptionBlockAttribute>(inherit: false);
        Type = _type.IsEnum ? OptionType.Word
            : _type == typeof(int) || _type == typeof(long) ? OptionType.Whole
            : _type == typeof(double) ? OptionType.Number
            : _type == typeof(bool) ? OptionType.Flag
            : _type == typeof(string) ? OptionType.Text
            : _type == typeof(IReadOnlyList<int>) ? OptionType.WholeList
            : _type == typeof(TextOptions) ? OptionType.Texts
            : _type == typeof(IReadOnlyList<string>) ? OptionType.TextList
            : throw new NotSupportedException(
                $"{property.DeclaringType!.Name}.{property.Name}: no option can be a {_type.Name}");
        if (property.SetMethod is null)
        {
            throw new NotSupportedException(
                $"{property.DeclaringType!.Name}.{property.Name}: an option needs a setter (init)");
        }

        Words = _type.IsEnum ? WordsOf(_type) : [];
        Range = new NumberRange(attribute.Least, attribute.Most, attribute.AboveLeast, attribute.BelowMost);
        LeastWhole = Whole(attribute.Least, _type == typeof(long) ? long.MinValue : int.MinValue);
        MostWhole = Whole(attribute.Most, _type == typeof(long) ? long.MaxValue : int.MaxValue);
    }

    /// <summary>The key within its block.</summary>
    public string Key { get; }

    /// <summary>The block that it stands in where that is not its component's; else null.</summary>
    public OptionBlockAttribute? Block { get; }

    /// <summary>What kind of value it takes.</summary>
    public OptionType Type { get; }

    /// <summary>Whether it may be off, which is null.</summary>
    public bool CanBeOff { get; }

    /// <summary>How off is written.</summary>
    public string OffWord => _attribute.OffWord;

    /// <summary>A word that may stand in the place of a whole number; null if there is none.</summary>
    public string? NumberWord => _attribute.Word;

    /// <summary>The value that <see cref="NumberWord"/> stands for.</summary>
    public int NumberWordValue => _attribute.WordValue;

    /// <summary>What it means and why one would change it.</summary>
    public string Explanation => _attribute.Explanation;

    /// <summary>Unit of a number, or null.</summary>
    public string? Unit => _attribute.Unit;

    /// <summary>Which real numbers are allowed.</summary>
    public NumberRange Range { get; }

    /// <summary>Least whole number; of each item of a list.</summary>
    public long LeastWhole { get; }

    /// <summary>Greatest whole number; of each item of a list.</summary>
    public long MostWhole { get; }

    /// <summary>Most items of a list.</summary>
    public int MostItems => _attribute.MostItems;

    /// <summary>The words of an enum.</summary>
    public IReadOnlyList<OptionWord> Words { get; }

    /// <summary>Whether it names a file or folder.</summary>
    public bool IsPath => _attribute.IsPath;

    /// <summary>Whether no message may repeat the value.</summary>
    public bool IsSecret => _attribute.IsSecret;

    /// <summary>Whether it may change when a run is resumed.</summary>
    public bool MayChange => _attribute.MayChange;

    /// <summary>Whether it may change while a run goes on, and decides no number.</summary>
    public bool MayChangeInRun => _attribute.MayChangeInRun;

    /// <summary>Whether it may change from an outer step on (<see cref="OptionAttribute.MayChangeAtStep"/>).</summary>
    public bool MayChangeAtStep => _attribute.MayChangeAtStep;

    /// <summary>What runs that are older than the option have; null if there are none.</summary>
    public string? WhenMissing => _attribute.WhenMissing;

    /// <summary>Names of the same thing in google/learned_optimization.</summary>
    public IReadOnlyList<string> Theirs => _attribute.Theirs;

    /// <summary>What may be written, for messages and documentation.</summary>
    public string Allowed
    {
        get
        {
            var values = Type switch
            {
                OptionType.Whole => WholeRange,
                OptionType.Number => Range.ToString(),
                OptionType.Word => string.Join(", ", Words.Select(word => word.Text)),
                OptionType.Flag => "true, false",
                OptionType.Text => IsPath ? "a path, or \"\"" : "text without control characters",
                OptionType.WholeList => FormattableString.Invariant(
                    $"a list of at most {MostItems}, each {WholeRange}"),
                OptionType.TextList => FormattableString.Invariant(
                    $"a list of at most {MostItems} texts without control characters"),
                _ => "a block { … } of texts, numbers and words",
            };
            return CanBeOff ? $"{OffWord}, or {values}" : NumberWord is { } word ? $"{word}, or {values}" : values;
        }
    }

    /// <summary>A whole number's range, for messages.</summary>
    public string WholeRange => FormattableString.Invariant($"a whole number from {LeastWhole} to {MostWhole}");

    /// <summary>The option's value in a record of options; null if it is off.</summary>
    public object? Get(object options) => _property.GetValue(Owner(options));

    /// <summary>Sets the value in a record that nothing else has seen yet.</summary>
    /// <param name="options">The record.</param>
    /// <param name="value">null for off, a <see cref="long"/> for a whole number, else the property's type.</param>
    public void Set(object options, object? value) => _property.SetValue(
        Owner(options), value is long whole ? Convert.ChangeType(whole, _type, CultureInfo.InvariantCulture) : value);

    private static long Whole(double end, long otherwise) => double.IsInfinity(end) ? otherwise : (long)end;

    private static OptionWord[] WordsOf(Type type) =>
    [
        .. type.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => field.MetadataToken).Select(field =>
        {
            var word = field.GetCustomAttribute<WordAttribute>();
            return new OptionWord(
                word?.Text ?? KebabCase.Of(field.Name), field.GetValue(null)!, word?.Explanation ?? "",
                word?.Theirs ?? []);
        }),
    ];

    private object Owner(object options) => _group?.GetValue(options) ?? options;
}
