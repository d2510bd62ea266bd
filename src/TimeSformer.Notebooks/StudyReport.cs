using Microsoft.Data.Analysis;
using Plotly.NET;
using TimeSformer.Experiments;
using TimeSformer.Training;
using Chart = Plotly.NET.CSharp.Chart;

namespace TimeSformer.Notebooks;

/// <summary>A study at one size as notebooks show it: its results in tables and figures, and the first epochs of a run live.</summary>
public sealed class StudyReport
{
    private readonly StudyRunner runner;
    private readonly IReadOnlyList<ClaimResult> claims;

    /// <summary>Reads a study at a size (small, gpu or paper) and those of its results that exist.</summary>
    /// <param name="experiments">The folder of studies, with their <c>results</c>.</param>
    /// <exception cref="RecipeException">The study or the size does not exist.</exception>
    public StudyReport(string name, string scale = "small", string experiments = "../experiments")
    {
        Study = Study.Load(Path.Combine(experiments, $"{name}.yaml"));
        runner = new(Study, scale, Path.Combine(experiments, "results"));
        Runs = Study.Runs(scale);
        Table = StudyTable.Of(Runs, runner.Find);
        claims = ClaimResult.Of(Study, Table);
    }

    /// <summary>The study.</summary>
    public Study Study { get; }

    /// <summary>All its runs at this size.</summary>
    public IReadOnlyList<StudyRun> Runs { get; }

    /// <summary>The accuracies.</summary>
    public StudyTable Table { get; }

    /// <summary>The libtorch and the machines that made the results, in one sentence.</summary>
    public string Provenance => Experiments.Provenance.Summary(Runs.Select(Find).OfType<RunResult>().Select(result => result.Provenance));

    /// <summary>The result of a run, or null.</summary>
    public RunResult? Find(StudyRun run) => runner.Find(run);

    /// <summary>The run of seed 0 at a point of the grid, given by its values on the axes.</summary>
    /// <exception cref="ArgumentException">The grid has no such point.</exception>
    public StudyRun Run(params string[] point) => Runs.FirstOrDefault(run => Has(run, point))
        ?? throw new ArgumentException($"{Study.Name} has no run at {string.Join(", ", point)}");

    /// <summary>A cell of the table, or null if it has no results.</summary>
    public Cell? Cell(string row, string column) => Table.Cells.GetValueOrDefault((row, column));

    /// <summary>Mean accuracy@1 of a cell in percent; NaN if it has no results.</summary>
    public double Percent(string row, string column) => 100 * Cell(row, column)?.Mean ?? double.NaN;

    /// <summary>A column of the table on one line: each row with its accuracy.</summary>
    public string Column(string column) =>
        string.Join(", ", Table.Rows.Where(row => Cell(row, column) is not null).Select(row => $"{row} {Cell(row, column)}"));

    /// <summary>
    /// The table with the paper's numbers next to it, in percent; "-" marks missing cells, two asterisks on either side those of
    /// <see cref="StudyTable.Best"/>, which HTML shows in bold. <see cref="StudyTable.Note"/> explains the rest.
    /// </summary>
    public DataFrame ToDataFrame() => ToDataFrame(Study, Table);

    /// <summary>What the results say of the paper's claims: a row for each that this size can test.</summary>
    public DataFrame Claims() => ToDataFrame(claims);

    /// <summary>Explains the columns of <see cref="Claims"/>.</summary>
    public string ClaimsNote => ClaimResult.Note(claims);

    /// <summary>The verdict on the claim with a predicate, as <see cref="Claims"/> shows it.</summary>
    /// <exception cref="ArgumentException">No claim at this size has it.</exception>
    public ClaimVerdict Verdict(string predicate) => claims.FirstOrDefault(result => $"{result.Predicate}" == predicate)?.Verdict
        ?? throw new ArgumentException($"{Study.Name} has no claim '{predicate}' at this size");

    /// <summary>A study's table with the paper's numbers next to it, as <see cref="ToDataFrame()"/>.</summary>
    public static DataFrame ToDataFrame(Study study, StudyTable table)
    {
        StringDataFrameColumn Column(string name, Func<string, string> cell) => new(name, table.Rows.Select(cell));
        var results = table.Columns.Select(column => Column(column, row => table.Text(row, column)));
        var paper = study.PaperColumns.Select(column => Column($"paper: {column}", row => study.PaperText(row, column)));
        var costs = CostColumns.Of(study, table).Select(column => Column(column.Title, column.Text));
        return new(results.Concat(paper).Concat(costs).Prepend(Column(table.RowAxis, row => row)));
    }

    /// <summary>A table of claims.</summary>
    public static DataFrame ToDataFrame(IReadOnlyList<ClaimResult> claims) => new(ClaimResult.Titles.Select(
        (title, index) => new StringDataFrameColumn(title, claims.Select(result => result.Row[index]))));

    /// <summary>The table as a figure: lines if its rows are quantities, else columns next to the paper's.</summary>
    public GenericChart Figure() => Table.IsSeries ? StudyFigure.Lines(Table) : StudyFigure.Columns(Study, Table);

    /// <summary>Accuracy@1 after each epoch, with a line for each run of seed 0 that has all the given values on the axes.</summary>
    public GenericChart LearningCurves(params string[] point)
    {
        var lines = from run in Runs
                    where run.Seed == 0 && Has(run, point)
                    let epochs = Find(run)?.Epochs
                    where epochs is not null
                    let top1 = epochs.Select(epoch => 100 * epoch.Top1).ToArray()
                    let name = string.Join(", ", run.Point.Values.Except(point))
                    select Chart.Line<int, double, string>(epochs.Select(epoch => epoch.Epoch + 1).ToArray(), top1, Name: name);
        return StudyFigure.WithAccuracyAxes(Chart.Combine(lines), "epoch");
    }

    /// <summary>Trains the first epochs of a run with a progress bar, and prints their accuracies above the committed result's.</summary>
    /// <param name="epochs">The number of epochs; the learning rate changes where the recipe says.</param>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public void Repeat(StudyRun run, int epochs)
    {
        var work = Path.Combine(Path.GetTempPath(), "timesformer-course");
        var recipe = new RecipeInputs(work) { Train = Notebook.Train }.Prepare(RecipeFile.Resolve(run.Recipe, Study.Folder));
        recipe = recipe with { Training = recipe.Training with { Epochs = epochs } };
        var now = new List<(int Epoch, double Top1)>();
        var trainer = new Trainer(recipe, Path.Combine(work, Study.Name, $"{run.Name}-{DateTime.Now:HHmmss}"))
        {
            OnStep = Notebook.ProgressBar(),
            OnEpoch = (epoch, evaluation) => now.Add((epoch, evaluation.Top1)),
        };
        trainer.Run();
        var committed = Find(run)?.Epochs.ToDictionary(epoch => epoch.Epoch, epoch => epoch.Top1) ?? [];
        Print("epoch", now.Select(epoch => $"{epoch.Epoch + 1}"));
        Print("accuracy@1 now", now.Select(epoch => $"{epoch.Top1:P1}"));
        Print("committed", now.Select(epoch => committed.TryGetValue(epoch.Epoch, out double top1) ? $"{top1:P1}" : "-"));

        static void Print(string name, IEnumerable<string> values) =>
            Console.WriteLine($"{name,-14}{string.Concat(values.Select(value => $"{value,9}"))}");
    }

    private static bool Has(StudyRun run, string[] point) => point.All(value => run.Point.Values.Contains(value));
}
