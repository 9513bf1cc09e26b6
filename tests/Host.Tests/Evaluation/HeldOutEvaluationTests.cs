using System.Text.Json;
using Involute.Host.Evaluation;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tests;
using Spectre.Console;
using Xunit;

namespace Involute.Host.Tests.Evaluation;

public sealed class HeldOutEvaluationTests
{
    private static readonly EvaluationSettings TenSteps = new(Seed: 1, Trials: 2, Steps: 10)
    {
        AdamLearningRates = [0.001, 0.01, 0.1, 1],
    };

    [Fact]
    public void Does_not_depend_on_the_number_of_threads() => Assert.Equal(
        JsonSerializer.Serialize(Evaluations.OfQuadratic(threads: 1)),
        JsonSerializer.Serialize(Evaluations.OfQuadratic(threads: 2)));

    [Fact]
    public void Agrees_with_the_closed_form_of_gradient_descent_on_a_quadratic()
    {
        // p_{t+1} − c = (1 − 2 lr)(p_t − c): the loss falls by the factor (1 − 2 lr)² in each step.
        var report = Evaluations.OfQuadratic(threads: 1);
        foreach (var (score, factor) in new[] { (report.MetaTrained, 0.64), (report.Untrained, 0.9604) })
        {
            var initial = score.Curves.HeldOutLoss[0]!.Value;
            var curve = score.Curves;
            for (var (i, expected, step) = (0, initial, 0); i < curve.HeldOutSteps.Count; i++)
            {
                for (; step < curve.HeldOutSteps[i]; step++)
                {
                    expected *= factor;
                }

                Assert.InRange(curve.HeldOutLoss[i]!.Value, expected * 0.999 - 1e-12, expected * 1.001 + 1e-12);
            }

            Assert.Equal(initial, score.Curves.TrainingLoss[0]!.Value, 6);
        }

        Assert.Null(report.MetaTrained.Accuracy);
        Assert.Equal(
            report.MetaTrained.Curves.TrainingLoss.Average()!.Value, report.MetaTrained.MeanTrainingLoss!.Mean, 6);
    }

    [Fact]
    public void Chooses_the_learning_rate_by_validation_and_reports_it_on_test()
    {
        var report = Evaluations.Of(new SplitTargetTask(), new LearnableSgd(1e-3), 0.2, TenSteps);

        // Ten steps of Adam go about ten learning rates far: validation wants 0.1, test wants 0.9.
        Assert.Equal(0.01, Assert.Single(report.AdamGrid, point => point.Chosen).LearningRate);
        Assert.InRange(report.TunedAdam.HeldOutLoss!.Mean, 0.6, 0.7);
        Assert.InRange(report.AdamGrid[1].ValidationLoss!.Mean, 0, 0.001);
        Assert.Equal(1, report.MetaTrained.Accuracy!.Mean);
        Assert.Equal(0, report.TunedAdam.Accuracy!.Mean);
    }

    [Fact]
    public void A_divergent_candidate_is_said_to_have_diverged_and_never_chosen()
    {
        var report = Evaluations.Of(new SplitTargetTask(), new LearnableSgd(1e-3), 1.5, TenSteps);
        Assert.Null(report.AdamGrid[3].ValidationLoss);
        Assert.Equal(2, report.MetaTrained.DivergedTrials);
        Assert.Null(report.MetaTrained.HeldOutLoss);
        Assert.All(report.Comparisons, comparison => Assert.Equal(ComparisonOutcome.Worse, comparison.Outcome));

        var text = Print(report);
        Assert.Contains("diverged (2 of 2)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_plainly_that_tuned_Adam_is_better()
    {
        var settings = new EvaluationSettings(Seed: 3, Trials: 4, Steps: 200);
        var report = Evaluations.Of(new FixedDimQuadraticFamily(), new LearnableSgd(1e-5), 1e-4, settings);
        Assert.Contains(
            "held-out loss: the meta-trained optimizer is WORSE than tuned Adam", Print(report),
            StringComparison.Ordinal);
        Assert.Contains("mean training loss: the meta-trained optimizer is BETTER than untrained", Print(report), StringComparison.Ordinal);
        Assert.Null(report.MetaTrained.StepsToAdamLoss);
        Assert.InRange(report.TunedAdam.StepsToAdamLoss!.Value, 1, 200);
    }

    [Fact]
    public void Every_baseline_has_the_same_budget_and_none_changes_the_others()
    {
        var settings = new EvaluationSettings(Seed: 3, Trials: 3, Steps: 100);
        EvaluationReport Of(params Baseline[] others) => Evaluations.Of(
            new FixedDimQuadraticFamily(), new LearnableSgd(1e-5), 1e-4, settings with { Baselines = others });
        var alone = Of();
        var all = Of([.. Baseline.All.Skip(1)]);

        Assert.Equal(["Adam", "SGD", "SGDM", "Nesterov", "RMSProp"], all.Tuned().Select(baseline => baseline.Title));
        Assert.All(all.Tuned(), baseline => Assert.Equal(9, baseline.Grid.Count));
        Assert.All(all.Tuned(), baseline => Assert.Single(baseline.Grid, point => point.Chosen));
        Assert.Equal(
            JsonSerializer.Serialize(alone),
            JsonSerializer.Serialize(all with { OtherBaselines = null, Comparisons = [.. all.Comparisons.Take(4)] }));
        Assert.Equal(
            all.Scores().Skip(3).Select(score => score.Name), all.Comparisons.Skip(4).Where((_, i) => i % 2 == 0).Select(it => it.Against));

        // The closed form of gradient descent: its best rate is far better than what theta is.
        Assert.All(all.Comparisons.Where(it => it.Against.StartsWith("tuned SGD ", StringComparison.Ordinal)),
            it => Assert.Equal(ComparisonOutcome.Worse, it.Outcome));
    }

    [Fact]
    public void The_verdict_of_a_transfer_table_is_against_the_baseline_that_is_best_on_validation_data()
    {
        var settings = TenSteps with { Baselines = [Baseline.All.Single(it => it.Name == "sgd")] };
        var report = Evaluations.Of(new SplitTargetTask(), new LearnableSgd(1e-3), 0.2, settings);

        var best = report.Tuned().MinBy(it => it.Grid.Single(point => point.Chosen).ValidationLoss!.Mean)!;
        var row = TransferRow.Of(new Evaluated(report, null));

        Assert.Equal(best.Score.Name, row.Comparison.Against);
        Assert.Equal(["meta-trained", "untrained", "tuned Adam", "tuned SGD"], row.Scores.Select(score => score.Name));
    }

    [Fact]
    public void A_rate_at_the_edge_of_its_grid_is_told()
    {
        var settings = new EvaluationSettings(Seed: 3, Trials: 1, Steps: 20) { AdamLearningRates = [1e-5, 1e-4] };

        Assert.Contains(
            "(chosen, at the edge)", Print(Evaluations.Of(new FixedDimQuadraticFamily(), new LearnableSgd(1e-5), 1e-4, settings)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_survives_its_file()
    {
        using var folder = new ScratchFolder();
        var report = Evaluations.OfQuadratic(threads: 1);
        File.WriteAllText(folder.File("evaluation.json"), report.ToJson());
        var again = EvaluationReport.Load(folder.File("evaluation.json"));
        Assert.Equal(JsonSerializer.Serialize(report), JsonSerializer.Serialize(again));
        Assert.Contains("\"metaTrained\"", File.ReadAllText(folder.File("evaluation.json")), StringComparison.Ordinal);
        Assert.Null(EvaluationReport.Load(folder.File("nothing.json")));
    }

    [Fact]
    public void Trials_use_pair_ids_that_no_run_has()
    {
        Assert.True(EvaluationTrials.FirstPair > 1_000_000);
        Assert.Equal(CounterStream.PairLimit - 1, EvaluationTrials.Key(1, EvaluationTrials.Limit - 1).Pair);
        Assert.Throws<ArgumentOutOfRangeException>(() => EvaluationTrials.Key(1, EvaluationTrials.Limit));
    }

    [Fact]
    public void A_single_trial_of_a_single_step_works()
    {
        var settings = new EvaluationSettings(Seed: 3, Trials: 1, Steps: 1);
        var report = Evaluations.Of(new FixedDimQuadraticFamily(), new LearnableSgd(), 0.1, settings);
        Assert.Null(report.MetaTrained.HeldOutLoss!.StandardError);
        Assert.Contains("one trial only", Print(report), StringComparison.Ordinal);
    }

    private static string Print(EvaluationReport report)
    {
        using var text = new StringWriter();
        EvaluationTable.Write(
            report, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }));
        return text.ToString();
    }
}
