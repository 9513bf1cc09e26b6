using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;

namespace Involute.Reproduction;

/// <summary>A published experiment, or a closed form: what can be set, what was published, how it is run.</summary>
internal interface IExperiment
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>What it shows and where it was published, in one sentence.</summary>
    string Summary { get; }

    /// <summary>What can be set, with the published values of the first case.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The published configurations; the first has the default values.</summary>
    /// <param name="quick">A few of them, at sizes that take seconds.</param>
    IReadOnlyList<Case> Cases(bool quick);

    /// <summary>Refuses values that are allowed one by one but do not go together.</summary>
    /// <exception cref="Involute.Runs.Configuration.ConfigurationException">They do not.</exception>
    void Check(ParameterValues parameters)
    {
        // Most values go with all others.
    }

    /// <summary>
    /// Runs one configuration that has passed <see cref="Check"/>. The quantities have exact expectations, for all
    /// values of the parameters.
    /// </summary>
    Outcome Run(ParameterValues parameters);

    /// <summary>Published relations between the cases.</summary>
    IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick) => [];

    /// <summary>The paper's figure, drawn from the given cases.</summary>
    Figure Draw(IReadOnlyList<CaseOutcome> cases);
}
