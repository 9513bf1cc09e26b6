using Involute.Tasks.Plugins;
using Involute.Tasks.Unrolls;

namespace YourOwnProblem;

/// <summary>What <c>involute --plugin</c> looks for: a name, and how to make the problem.</summary>
public sealed class ThermostatPlugin : IProblemPlugin
{
    public string Name => "thermostat";

    public IInnerProblem<float> Create(ProblemOptions options) =>
        new StepProblem<float>(new Thermostat((float)options.Number("noise", 0.5, least: 0, most: 10)));
}
