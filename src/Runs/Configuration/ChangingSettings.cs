using Involute.Estimators.MetaOptimizers;
using Involute.Runs.Ledger;
using Involute.Runs.Plugins;

namespace Involute.Runs.Configuration;

/// <summary>
/// The settings of a run over its outer steps: those that it began with, and the changes that its ledger has of those which
/// decide theta. The settings in the run's folder, and so its identity, stay what they were.
/// </summary>
public sealed class ChangingSettings
{
    private readonly List<(long Step, RunConfiguration Settings, IMetaOptimizer<float> Optimizer)> _from = [];
    private readonly List<SettingChanged> _changes = [];
    private readonly List<SettingChanged> _history = [];

    /// <param name="beginning">The settings that the run began with.</param>
    /// <param name="changes">What the ledger has of changes, oldest first; others than those that name a step do not
    /// count.</param>
    /// <param name="first">The meta-optimizer of the beginning; null for that of the settings.</param>
    /// <exception cref="InvalidDataException">A change is none that these settings can have.</exception>
    public ChangingSettings(
        RunConfiguration beginning, IEnumerable<SettingChanged> changes, IMetaOptimizer<float>? first = null)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        ArgumentNullException.ThrowIfNull(changes);
        Beginning = beginning;
        _from.Add((long.MinValue, beginning, first ?? Optimizer(beginning)));
        foreach (var change in changes)
        {
            Add(change);
        }
    }

    /// <summary>
    /// The settings in the run's folder: those that it began with, but for what decides nothing, which has its value of now.
    /// </summary>
    public RunConfiguration Beginning { get; private set; }

    /// <summary>The settings of the step that comes next.</summary>
    public RunConfiguration Now => _from[^1].Settings;

    /// <summary>The changes of settings that decide theta, oldest first.</summary>
    public IReadOnlyList<SettingChanged> Changes => _changes;

    /// <summary>These, and the changes of settings that decide nothing, as far as their step is known.</summary>
    public IReadOnlyList<SettingChanged> History => _history;

    /// <summary>The meta-optimizer by which an outer step changes theta.</summary>
    /// <param name="step">The step: 1 for the first.</param>
    public IMetaOptimizer<float> OptimizerOf(long step) => At(step).Optimizer;

    /// <summary>The learning rate by which an outer step changes theta.</summary>
    /// <param name="step">The step: 1 for the first.</param>
    public double LearningRateOf(long step) => At(step).Settings.MetaOptimizer.LearningRateAt(step);

    /// <summary>What a change of one setting, <c>KEY=VALUE</c>, comes to from now on.</summary>
    /// <param name="argument">As for <c>--set</c>.</param>
    /// <returns>The changes: none if the value is what it was.</returns>
    /// <exception cref="ConfigurationException">It cannot be changed so; one line.</exception>
    public IReadOnlyList<SettingChange> Changed(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        var changes = ResumeRules.Differences(Now, ConfigurationLoader.Changed(Now, argument));
        var allowed = ResumeRules.ChangeableInRun(Beginning);
        return changes.FirstOrDefault(change => !allowed.Contains(change.Key)) is { Key: { } key }
            ? throw new ConfigurationException(
                SourcePosition.Of(argument), key, "cannot change while the run goes on", string.Join(", ", allowed))
            : changes;
    }

    /// <summary>A setting that decides nothing changes, in the run's folder too.</summary>
    /// <exception cref="ConfigurationException">It is none that these settings can have.</exception>
    public void Operate(SettingChanged change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var argument = $"{change.Key}={change.To}";
        Beginning = ConfigurationLoader.Changed(Beginning, argument);
        _from[^1] = _from[^1] with { Settings = ConfigurationLoader.Changed(Now, argument) };
        _history.Add(change);
    }

    /// <summary>
    /// A setting changes after an outer step, as the ledger has it. What decides nothing has the value in the run's folder.
    /// </summary>
    /// <exception cref="InvalidDataException">It is none that these settings can have.</exception>
    public void Add(SettingChanged change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Step is not { } step)
        {
            return;
        }

        if (!ResumeRules.ChangeableAtStep(Beginning).Contains(change.Key) && ResumeRules.MayChange(Beginning).Contains(change.Key))
        {
            _history.Add(change);
            return;
        }

        try
        {
            var settings = ConfigurationLoader.Changed(Now, $"{change.Key}={change.To}");
            if (!ResumeRules.ChangeableAtStep(Beginning).Contains(change.Key))
            {
                throw new InvalidDataException($"the ledger has a change of {change.Key}, which cannot change in a run");
            }

            _from.Add((step, settings, Optimizer(settings)));
            _changes.Add(change);
            _history.Add(change);
        }
        catch (ConfigurationException wrong)
        {
            throw new InvalidDataException($"the ledger has a change that cannot be: {wrong.Message}", wrong);
        }
    }

    private (long Step, RunConfiguration Settings, IMetaOptimizer<float> Optimizer) At(long step) =>
        _from.FindLast(it => it.Step < step);

    private static IMetaOptimizer<float> Optimizer(RunConfiguration configuration) =>
        configuration.MetaOptimizer.Made(options => options.Create<float>());
}
