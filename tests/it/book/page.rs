//! Reads a page: its fenced blocks, its commands, its headings.

/// A fenced block, without the indentation of the list that it belongs to.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    pub language: String,
    pub lines: Vec<String>,
}

/// What a page consists of.
enum Part {
    Prose(String),
    Code(Block),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(language), None) => {
                open = Some((indent, Block { language: language.to_owned(), lines: Vec::new() }));
            }
            (Some(_), Some((_, block))) => parts.push(Part::Code(block)),
            (None, Some((by, mut block))) => {
                block.lines.push(line.get(by.min(indent)..).unwrap_or_default().to_owned());
                open = Some((by, block));
            }
            (None, None) => parts.push(Part::Prose(line.to_owned())),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    parts
}

pub fn blocks(text: &str) -> Vec<Block> {
    let code = |part| match part {
        Part::Code(block) => Some(block),
        Part::Prose(_) => None,
    };
    parts(text).into_iter().filter_map(code).collect()
}

fn prose(text: &str) -> Vec<String> {
    let prose = |part| match part {
        Part::Prose(line) => line,
        Part::Code(_) => "```".to_owned(),
    };
    parts(text).into_iter().map(prose).collect()
}

pub fn headings(text: &str) -> Vec<String> {
    prose(text).into_iter().filter(|line| line.starts_with('#')).collect()
}

/// The first lines of blocks that are made by indentation, which no test would run.
pub fn indented_blocks(text: &str) -> Vec<String> {
    let lines = prose(text);
    let is_code = |pair: &[String]| {
        pair[0].is_empty()
            && pair[1].starts_with("    ")
            && !pair[1].trim_start().starts_with(['-', '|', '>'])
    };
    lines.windows(2).filter(|pair| is_code(pair)).map(|pair| pair[1].clone()).collect()
}

/// The commands of a page, with the lines shown below each.
pub fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let console = blocks(text).into_iter().filter(|block| block.language == "console");
    console.flat_map(|block| commands_of(block.lines)).collect()
}

/// Those of a block. A command that ends in `\` goes on in the next line.
pub fn commands_of(lines: Vec<String>) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (None, Some((command, _))) if goes_on => {
                command.truncate(command.len() - 1);
                command.push_str(line.trim_start());
            }
            (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
            (None, Some((_, shown))) => shown.push(line.clone()),
            (None, None) => panic!("output before any command: {line}"),
        }
        goes_on = (goes_on || line.starts_with("$ ")) && line.ends_with('\\');
    }
    commands
}
