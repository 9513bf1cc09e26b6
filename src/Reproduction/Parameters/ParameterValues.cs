using System.Globalization;
using Involute.Runs.Configuration;

namespace Involute.Reproduction.Parameters;

/// <summary>A value for each parameter of an experiment.</summary>
internal sealed class ParameterValues
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Dictionary<string, object> _values;

    private ParameterValues(IReadOnlyList<Parameter> parameters, Dictionary<string, object> values)
    {
        _parameters = parameters;
        _values = values;
    }

    /// <summary>Names and values, in the order of the experiment's parameters.</summary>
    public IEnumerable<KeyValuePair<string, object>> All =>
        _parameters.Select(parameter => KeyValuePair.Create(parameter.Name, _values[parameter.Name]));

    /// <summary>The published values.</summary>
    public static ParameterValues Published(IReadOnlyList<Parameter> parameters) =>
        new(parameters, parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default));

    /// <summary>The same with some values changed, each written as <c>name=value</c>; the last one counts.</summary>
    /// <exception cref="ConfigurationException">A parameter is unknown, or a value not allowed.</exception>
    public ParameterValues With(IEnumerable<string> settings)
    {
        var values = new Dictionary<string, object>(_values);
        foreach (var setting in settings)
        {
            var position = SourcePosition.Of($"--set {setting}");
            var equals = setting.IndexOf('=');
            if (equals < 1)
            {
                throw new ConfigurationException(position, "", "not of the form name=value", "name=value");
            }

            var parameter = Find(setting[..equals].Trim(), position);
            values[parameter.Name] = parameter.Parse(setting[(equals + 1)..], position);
        }

        return new ParameterValues(_parameters, values);
    }

    /// <summary>An error about values that do not go together.</summary>
    public static ConfigurationException Conflict(string problem, string allowed) =>
        new(SourcePosition.Of("--set"), "", problem, allowed);

    /// <summary>A whole number.</summary>
    public int Whole(string name) => checked((int)(long)_values[name]);

    /// <summary>The seed.</summary>
    public long Seed => (long)_values["seed"];

    /// <summary>A number.</summary>
    public double Real(string name) => (double)_values[name];

    /// <summary>Several numbers.</summary>
    public double[] Reals(string name) => (double[])_values[name];

    /// <summary>true or false.</summary>
    public bool Is(string name) => (bool)_values[name];

    /// <summary>A table of horizons.</summary>
    public HorizonTable Horizons(string name) => (HorizonTable)_values[name];

    /// <summary>A word.</summary>
    public string Word(string name) => (string)_values[name];

    /// <summary>A value as it would be written after <c>--set name=</c>.</summary>
    public string Text(string name) => _values[name] switch
    {
        double[] numbers => string.Join(
            ',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))),
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private Parameter Find(string name, SourcePosition position)
    {
        var names = _parameters.Select(parameter => parameter.Name);
        return _parameters.FirstOrDefault(parameter => parameter.Name == name)
            ?? throw new ConfigurationException(
                position, "", $"unknown parameter {Excerpt.Quote(name)}{Spelling.Suggest(name, names)}",
                string.Join(", ", names));
    }
}
